export type * from "./types.js";

/** A compiled module, where there is WebAssembly among the types. */
type Compiled = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } } ? Module : never;

/**
 * Loads the module: once, before anything else. Without an argument it is loaded from beside this
 * file; else from an URL or from its bytes.
 */
export default function init(source?: { readonly href: string } | ArrayBuffer | ArrayBufferView | Compiled): Promise<void>;

