/** The life of one process: what was begun in it goes nowhere once it has ended. */
export class Life {
  #isOver = false;

  end(): void {
    this.#isOver = true;
  }

  /**
   * The same port, for this life only: afterwards calls do nothing and promises stay open for ever, as a killed process would see them.
   * What a call had begun outside goes on. Callbacks handed over are not called any more.
   */
  of<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]): unknown =>
          this.#call(() => Reflect.apply(member, target, this.#wrapped(args)) as unknown);
      },
    });
  }

  #call(act: () => unknown): unknown {
    if (this.#isOver) return new Promise(() => undefined);
    const result = act();
    if (!(result instanceof Promise)) return result;
    return new Promise((resolve, reject) => {
      result.then(
        (value: unknown) => void (this.#isOver || resolve(value)),
        (error: Error) => void (this.#isOver || reject(error)),
      );
    });
  }

  #wrapped(args: unknown[]): unknown[] {
    return args.map((arg) =>
      typeof arg === 'function'
        ? (...values: unknown[]): unknown =>
            this.#isOver ? undefined : (arg as (...all: unknown[]) => unknown)(...values)
        : arg,
    );
  }
}
