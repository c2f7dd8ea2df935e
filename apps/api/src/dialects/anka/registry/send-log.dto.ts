import { OptionalText, RequiredText } from '../dto/lenient.dto.js';

/** Longest text of one POST /log. */
export const MAX_LOG_CONTENT_LENGTH = 1024 * 1024;
const MAX_NAME_LENGTH = 256;

/** Body of POST /log. */
export class SendLogDto {
  /** Which machine the lines are from. */
  @OptionalText({ maxLength: MAX_NAME_LENGTH })
  machine_name?: string;

  /** Names the log: letters, digits, `_` and `-`. */
  @RequiredText({ maxLength: 64 })
  service: string;

  /** Address of that machine. */
  @OptionalText({ maxLength: MAX_NAME_LENGTH })
  host?: string;

  /** One line or several. */
  @OptionalText({ maxLength: MAX_LOG_CONTENT_LENGTH })
  content?: string;
}
