import { Problem } from '../shell/problem.js';

/** A field of an endpoint that is not as it must be. */
export class EndpointFault extends Problem {
  constructor(field: string, message: string) {
    super(400, 'The body is not valid', `${field} ${message}`, { invalid: [`${field} ${message}`] });
  }
}
