// What the page may still do once everything is there: nothing that needs a connection.

export const CLOSED =
  "default-src 'none'; script-src 'none'; style-src 'none'; img-src data:; connect-src 'none'; worker-src 'none'; form-action 'none'; base-uri 'none'";

/** No script any more, from anywhere: `import()` cannot be taken away, and it reaches every address that a policy
 *  leaves. */
const NO_SCRIPT = "script-src 'wasm-unsafe-eval'; worker-src blob:";

/** Adds a policy. The browser holds the page to all that it has, and none can be taken back. */
function add(content) {
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = content;
  document.head.append(policy);
}

/** What workers that are started from now on are held to. */
export const narrow = () => add(NO_SCRIPT);

/** The stricter policy. */
export const closeTheDoor = () => add(CLOSED);
