// Bytes to the browser's downloads. The address of the copy is given back at once after its use.

/** How long a browser may take to read a download that it was just given, in milliseconds. */
const READ_WITHIN = 2_000;

/** Saves bytes under a name. The caller may overwrite them when this returns. */
export function save(name, bytes, type = "application/octet-stream") {
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), READ_WITHIN);
}
