/**
 * An event as everybody sees it, on every channel: a CloudEvents 1.0 object in JSON. More attributes may come; whoever reads must let pass
 * what is not known.
 */
export interface EventEnvelope {
  /** The version of CloudEvents. */
  specversion: '1.0';
  /**
   * Unique, and the same on every channel and at every repetition: tell duplicates by it. It begins with the id of the command that
   * caused the event. 1–280 printable ASCII characters without spaces.
   */
  id: string;
  /** Who says it: always the control plane. */
  source: '/muster/control-plane';
  /** `muster.<noun>.<Type>`, for example `muster.vm.VMStarted`. */
  type: string;
  /** What the event is about: the id of the VM, node, group …, or `cluster`. Unique only together with the noun in `type`. */
  subject: string;
  /** When it was decided, RFC 3339 in UTC with milliseconds. Never falls from one event to the next. */
  time: string;
  /** What `data` are. */
  datacontenttype: 'application/json';
  /** The JSON Schema of `data`: `urn:muster:<Type>:<version>`. Absent in events of older releases: version 1. */
  dataschema?: string;
  /**
   * The place of the event in the one log of the cluster: 1 for the first, and each one more. The order of everything; remember it to go
   * on from there.
   */
  sequence: number;
  /** The same for everything that followed from one request of a client. */
  correlationid: string;
  /** Id of the command that caused the event. */
  causationid: string;
  /** Place of that command in the stream COMMANDS. */
  commandsequence: number;
  /**
   * Name of that command: `StartVM`, `ReportVMStarted` … It tells what was asked where the event has a name of its own. Absent in events of
   * releases before 0.4, and when the command could not be read.
   */
  commandtype?: string;
  /** Who asked: `root`, `anonymous`, the name of a user or key, `node/<id>`, `control-plane`. */
  actor: string;
  /** How the actor proved itself: `root`, `key`, `certificate`, `oidc`, `node`, `nats` … Absent: nobody was asked to. */
  authmode?: string;
  /** From where the actor asked: an IP address, as the door saw it. */
  clientaddress?: string;
  /** W3C Trace Context, if the request had one. */
  traceparent?: string;
  /** What happened, as the schema of the type says. */
  data: Record<string, unknown>;
}
