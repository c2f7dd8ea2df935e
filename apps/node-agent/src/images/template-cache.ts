import type { TemplateImage } from '../drivers/driver.js';

/** Templates on this host. Files are named by their digest, so what is cached is what was asked for. */
export interface TemplateCache {
  /** Templates whose files are all here and verified. */
  list(): Promise<CachedTemplate[]>;

  /**
   * Makes all files of the image present and verified; resumes what was begun, and pulls no layer that is here already. `onProgress` gets
   * 0–1 at most once a second and at the end. Where room is short, the least recently used of the templates that `mayEvict` lets go
   * leave first; without it none does. Throws `DriverError` (`NO_SPACE`, `IMAGE_MISSING`, `IMAGE_INVALID`, `TOOL_FAILED`).
   */
  ensure(
    image: TemplateImage,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
    mayEvict?: (template: TemplateName) => boolean,
  ): Promise<void>;

  /** A VM is made of the template. Absent: nothing happens. */
  used(template: TemplateName): void;

  /**
   * Removes the template's files that no other cached template needs. Without tag: of all its tags. Absent: nothing happens. What was
   * removed is told of.
   */
  remove(templateId: string, tag?: string): Promise<void>;

  /** Whoever asked last hears of each template that was in the cache and is there no longer. */
  onEvicted(listener: (template: CachedTemplate) => void): void;
}

export interface TemplateName {
  readonly templateId: string;
  readonly tag: string;
}

export interface CachedTemplate {
  templateId: string;
  tag: string;
  /** Of all its files, those that it shares with other templates too. */
  sizeBytes: number;
}
