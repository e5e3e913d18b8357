// What the page may still do once everything is there: nothing that needs a connection.

export const CLOSED =
  "default-src 'none'; script-src 'none'; style-src 'none'; img-src data:; connect-src 'none'; worker-src 'none'; form-action 'none'; base-uri 'none'";

/** Adds the stricter policy. The browser holds the page to both, and neither can be taken back. */
export function closeTheDoor() {
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = CLOSED;
  document.head.append(policy);
}
