/** A secret with which requests to an endpoint are signed. */
export interface SigningSecret {
  /** `whsec_` and the key in Base64. */
  readonly secret: string;
  /** Unix ms; from then on it signs no more. Absent: it has no end. */
  readonly expiresAt?: number | undefined;
}

/** Where to send, and how to sign. */
export interface Target {
  /** Of the endpoint: connections are kept per id. */
  readonly id: string;
  readonly url: string;
  /** What the operator of the endpoint wants to see in each request. May hold secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: readonly SigningSecret[];
}

export interface Message {
  /** The same in every attempt: by it a receiver knows that it has had the message before. Has no dot. */
  readonly id: string;
  readonly contentType: string;
  readonly body: string;
}

/** What became of one attempt. */
export interface AttemptResult {
  /** `refused`: the guard of this installation let nothing go out. */
  readonly outcome: 'delivered' | 'failed' | 'refused';
  /** The code of the answer, if there was one. */
  readonly status?: number;
  readonly latencyMs: number;
  /** What was sent, in short and without secrets. */
  readonly request: string;
  /** The beginning of the answer's body. */
  readonly response: string;
  /** Why it is no success. */
  readonly error?: string;
  /** What the receiver asks for. */
  readonly retryAfterMs?: number;
}

/** Brings one message to one receiver, once. */
export interface Sender {
  /** Never throws. */
  send(target: Target, message: Message): Promise<AttemptResult>;
  /** Closes the connections to an endpoint that is not sent to any more. */
  forget(id: string): void;
  close(): void;
}
