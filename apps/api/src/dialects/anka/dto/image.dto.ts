import { ApiProperty } from '@nestjs/swagger';
import { IsDefined } from 'class-validator';
import { type Arch, ARCHITECTURES, MAX_DESCRIPTION_LENGTH, MAX_NAME_LENGTH } from '#domain';
import { MAX_SCRIPT_TEXT_LENGTH } from '../translate/script.js';
import { ScriptResultDto } from './instance.dto.js';
import { OptionalFlag, OptionalInteger, OptionalText, RequiredText } from './lenient.dto.js';

const MAX_VERSION = 1_000_000;
const whole = { type: 'integer', minimum: 0 } as const;

/** Body of POST /api/v1/image. */
export class SaveImageDto {
  /** The instance. */
  @RequiredText()
  id: string;

  /** Of the new version. */
  @RequiredText()
  tag: string;

  /** The template that gets the tag. Either this or `new_template_name`. */
  @OptionalText()
  target_vm_id?: string;

  /** Name of a template that is made. */
  @OptionalText({ maxLength: MAX_NAME_LENGTH })
  new_template_name?: string;

  @OptionalText({ maxLength: MAX_DESCRIPTION_LENGTH })
  description?: string;

  /** Kept and shown; the guest is always powered off first. */
  @OptionalFlag(true)
  suspend?: boolean;

  /** Standard base64; runs in the guest before it is stopped. */
  @OptionalText({ maxLength: MAX_SCRIPT_TEXT_LENGTH })
  script?: string;

  /** Take the latest version off the template first, or `revert_tag` and all that is newer. */
  @OptionalFlag(false)
  revert_before_push?: boolean;

  /** Takes nothing back when it does not exist. */
  @OptionalText()
  revert_tag?: string;

  /** Kept and shown, not acted on. */
  @OptionalFlag(false)
  do_suspend_sanity_test?: boolean;

  /** Whether a script that fails ends the request. */
  @OptionalFlag(false)
  cancel_on_script_failure?: boolean;
}

export class ImageRequestDto {
  request_id: string;
}

/** Where to revert to; query or body. */
export class RevertDto {
  @OptionalText()
  tag?: string;

  /** From 0. */
  @OptionalInteger(0, MAX_VERSION)
  version?: number;

  /** The same. */
  @OptionalInteger(0, MAX_VERSION)
  number?: number;
}

/** Body of PUT /registry/vm/arch. */
export class SetArchDto {
  @RequiredText()
  id: string;

  @OptionalText({ values: ARCHITECTURES })
  @IsDefined({ message: 'arch must be given' })
  arch: Arch;
}

export class ImageErrorDto {
  @ApiProperty(whole)
  Code: number;

  Message: string;
}

export class ImageScriptResultDto extends ScriptResultDto {
  @ApiProperty({ type: 'array', items: { type: 'string' }, nullable: true })
  errors: string[] | null;
}

/** What was asked for, in the words of the vendor. */
export class ImageOrderDto {
  RequestId: string;

  @ApiProperty(whole)
  Priority: number;

  /** Unix seconds of the request. */
  @ApiProperty(whole)
  Timestamp: number;

  @ApiProperty(whole)
  ReserveExpiryTimestamp: number;

  RegistryAddr: string;

  /** The VM as its host calls it. */
  VMID: string;

  InstanceID: string;
  NodeID: string;
  TemplateID: string;
  NewTemplateName: string;
  Tag: string;
  Description: string;
  Suspend: boolean;

  /** Digest of the script, whose text is never shown; empty without one. */
  Script: string;

  DoSuspendTest: boolean;
  RevertBeforePush: boolean;
  RevertTag: string;
  CancelOnScriptFailure: boolean;
}

/** A request to save an instance as a new tag. */
export class ImageDto {
  id: string;

  @ApiProperty({ enum: ['pending', 'done', 'error'] })
  status: 'pending' | 'done' | 'error';

  @ApiProperty({ type: () => ImageErrorDto, nullable: true })
  error: ImageErrorDto | null;

  @ApiProperty({ type: () => ImageScriptResultDto, nullable: true })
  script_result: ImageScriptResultDto | null;

  request: ImageOrderDto;
}
