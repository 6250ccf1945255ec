/** Which of the files somebody dropped are sent, in what order, and which need another way. Pure. */

export interface Dropped {
  name: string;
  size: number;
  /** With the folders it lay in, which may say what item it belongs to. */
  path: string;
}

/** Left behind by Windows, macOS and Word in a folder of papers; nobody means them. */
const STRAY = /^(\.|~\$|thumbs\.db$|desktop\.ini$)/i;

/** Programs that can save what they made as PDF themselves, by the names of their files. */
const PROGRAMS: readonly (readonly [string, RegExp])[] = [
  ["Word", /\.(docx?|docm|rtf|odt)$/i],
  ["Excel", /\.(xlsx?|xlsm|ods|csv)$/i],
  ["PowerPoint", /\.(pptx?|ppsx?|odp)$/i],
];

const byName = new Intl.Collator("vi", { numeric: true, sensitivity: "base" });

/** The files meant, 2.1 before 10.1, those of one folder together. */
export function meant<File extends Dropped>(files: readonly File[]): File[] {
  return files
    .filter(({ name }) => !STRAY.test(name))
    .sort((one, other) => byName.compare(one.path, other.path));
}

export interface Refusal {
  code: string;
  data: Record<string, string>;
}

const PICTURE = /\.(jpe?g|png)$/i;

export function isPicture({ name }: { name: string }): boolean {
  return PICTURE.test(name);
}

/** What a field to choose files in takes. `converts`: the server makes PDF of office files. */
export function accepted(converts: boolean): string {
  const office = ".doc,.docx,.rtf,.odt,.xls,.xlsx,.ods,.ppt,.pptx,.odp";
  return `.pdf,.jpg,.jpeg,.png${converts ? `,${office}` : ""}`;
}

/**
 * Why this file is not even sent, as the server would refuse it; null if it is sent. `converts`:
 * the server makes PDF of office files.
 */
export function refusedUnsent(
  { name, size }: Omit<Dropped, "path">,
  converts = false,
): Refusal | null {
  const [program] = PROGRAMS.find(([, names]) => names.test(name)) ?? [];
  if (program && !converts) return { code: "file_from_office", data: { program } };
  if (/\.hei[cf]$/i.test(name)) return { code: "file_heic", data: {} };
  if (!program && !/\.pdf$/i.test(name) && !PICTURE.test(name)) {
    return { code: "file_not_pdf", data: {} };
  }
  return size ? null : { code: "file_empty", data: {} };
}

/** Refusals of a file that opens with a password. */
export const LOCKED: readonly string[] = ["file_locked", "file_password_wrong"];

/** "1,5 MB", "320 KB": as a file manager says it. */
export function sized(bytes: number): string {
  const [amount, unit] = bytes < 1_000_000 ? [bytes / 1000, "KB"] : [bytes / 1_000_000, "MB"];
  const digits = amount < 10 ? 1 : 0;
  return `${amount.toFixed(digits).replace(".", ",").replace(/,0$/, "")} ${unit}`;
}
