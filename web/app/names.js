// What to call things, in the words of the command line.

/** `a`, `a and b`, `a, b and c`. */
export function joined(parts) {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

/** At most `most` of them, and how many more there are. */
export function some(parts, most) {
  if (parts.length <= most) return joined(parts);
  return `${parts.slice(0, most).join(", ")} and ${parts.length - most} more`;
}

/** DNS names, then addresses. */
export const altNames = (certificate) => [...certificate.dns_names, ...certificate.ip_addresses];

/** Those, and for a client its mail addresses and the like: no server is called by them. */
export const allNames = (certificate, purpose) =>
  purpose === "client" ? [...altNames(certificate), ...(certificate.other_names ?? [])] : altNames(certificate);

/** The leaf by its first name, others by their CN. */
export function certificateName(certificate) {
  const first = certificate.role === "leaf" ? altNames(certificate)[0] : undefined;
  return first ?? shortName(certificate.subject);
}

/** The CN of an RFC 4514 name, or its organisation, or all of it. */
export const shortName = (name) =>
  attribute(name, "CN=") ?? attribute(name, "O=") ?? (name === "" ? "(no subject)" : name);

function attribute(name, prefix) {
  // A comma or plus sign that is escaped belongs to the value (RFC 4514, section 2.4).
  for (const part of name.match(/(?:\\[^]|[^\\,+])+/g) ?? []) {
    const value = part.trimStart();
    if (value.startsWith(prefix)) return value.slice(prefix.length) || undefined;
  }
  return undefined;
}

/** `EC P-256`, `RSA 2048`, `Ed25519`. */
export function keyWords(key) {
  switch (key.algorithm) {
    case "rsa": return `RSA ${key.bits}`;
    case "rsa-pss": return `RSA-PSS ${key.bits}`;
    case "ec": return key.curve ? `EC ${key.curve}` : "EC, parameters spelled out";
    case "ed25519": return "Ed25519";
    case "ed448": return "Ed448";
    case "dsa": return `DSA ${key.bits}`;
    default: return "an unknown kind of key";
  }
}

/** The part that a certificate plays. */
export function roleWords(certificate, hasAnchor, purpose = "server") {
  switch (certificate.role) {
    case "leaf": return `${purpose} certificate`;
    case "intermediate": return "intermediate";
    case "root": return hasAnchor ? "trusted root" : "root, trusted by nobody here";
    default: return certificate.ca ? "CA certificate" : "certificate";
  }
}

/** Where a certificate stands: the input's name and its line. */
export function placeOf(report, sha256) {
  for (const input of report.inputs) {
    const block = input.blocks.find((candidate) => candidate.sha256 === sha256);
    if (block) return { input: input.name, line: block.line };
  }
  return null;
}
