/** The files in what was dropped on the page, out of folders and folders in folders, too. */

/** A file, and where it lay. Of pictures that become one paper: all of them, one after the other. */
export interface Found {
  file: File;
  path: string;
  parts?: readonly { path: string; size: number }[];
}

/** These pictures as what becomes one paper, in this order. */
export function asOne(pictures: readonly Found[]): Found {
  const [first] = pictures;
  if (!first || pictures.length === 1) throw new RangeError("one picture is one already");
  const file = new File(pictures.map((one) => one.file), first.file.name);
  const parts = pictures.map((one) => ({ path: one.path, size: one.file.size }));
  return { file, path: first.path, parts };
}

/** How a file is named in its address; of pictures each, and where one ends. */
export function namedIn({ path, parts }: Pick<Found, "path" | "parts">): string {
  const all = parts ?? [{ path, size: 0 }];
  const names = all.map((one) => `name=${encodeURIComponent(one.path)}`);
  const sizes = parts ? parts.map(({ size }) => `size=${size}`) : [];
  return [...names, ...sizes].join("&");
}

/** What a field to choose files in holds. */
export function chosenIn(files: Iterable<File>): Found[] {
  return Array.from(files, (file) => ({ file, path: file.webkitRelativePath || file.name }));
}

/** Chrome gives a folder's files in portions. */
function portion(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => {
    reader.readEntries(resolve, reject);
  });
}

async function inside(entry: FileSystemEntry): Promise<Found[]> {
  if (entry.isFile) {
    return new Promise((resolve) => {
      (entry as FileSystemFileEntry).file(
        (file) => {
          resolve([{ file, path: entry.fullPath.replace(/^\//, "") }]);
        },
        () => {
          resolve([]);
        },
      );
    });
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: Found[] = [];
  for (;;) {
    const entries = await portion(reader);
    if (!entries.length) return files;
    for (const each of entries) files.push(...(await inside(each)));
  }
}

/** Must be called while the event is handled; afterwards the browser gives nothing any more. */
export async function filesIn(dropped: DataTransfer): Promise<Found[]> {
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry());
  const plain = chosenIn(dropped.files);
  if (!entries.some((entry) => entry?.isDirectory)) return plain;
  const found = await Promise.all(entries.map((entry) => (entry ? inside(entry) : [])));
  return found.flat();
}
