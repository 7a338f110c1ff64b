/** Hand a file to whoever reads the page. */
export function download(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken its own hold on the content once the click has been handled.
  setTimeout(() => URL.revokeObjectURL(address));
}
