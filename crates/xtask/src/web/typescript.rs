//! TypeScript types out of a JSON Schema, which comes from the Rust types: one `export` a definition.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// The whole file.
pub(crate) fn render(contract: &Value) -> String {
    let mut out = String::from("// Made by `cargo xtask web` from the Rust types.\n");
    let definitions = contract["$defs"].as_object();
    for (name, schema) in definitions.into_iter().flatten() {
        // JavaScript has it.
        if name == "Uint8Array" {
            continue;
        }
        out.push('\n');
        out.push_str(&comment(schema, ""));
        let _ = match fields(schema) {
            Some(fields) => writeln!(
                out,
                "export interface {name} {}",
                members(fields, schema, "")
            ),
            None => writeln!(out, "export type {name} = {};", expression(schema, "")),
        };
    }
    out
}

/// The members of an object whose members are known.
fn fields(schema: &Value) -> Option<&Map<String, Value>> {
    schema["properties"].as_object()
}

fn members(fields: &Map<String, Value>, schema: &Value, indent: &str) -> String {
    let required: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let deeper = format!("{indent}  ");
    let mut out = String::from("{\n");
    for (name, field) in fields {
        out.push_str(&comment(field, &deeper));
        let mark = if required.contains(&name.as_str()) {
            ""
        } else {
            "?"
        };
        let _ = writeln!(out, "{deeper}{name}{mark}: {};", expression(field, &deeper));
    }
    let _ = write!(out, "{indent}}}");
    out
}

/// A type, as it stands behind a colon.
fn expression(schema: &Value, indent: &str) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap_or(reference).to_owned();
    }
    if let Some(value) = schema.get("const") {
        return value.to_string();
    }
    if let Some(values) = schema["enum"].as_array() {
        return union(values.iter().map(Value::to_string));
    }
    for any in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[any].as_array() {
            return union(choices.iter().map(|choice| expression(choice, indent)));
        }
    }
    match &schema["type"] {
        Value::Array(kinds) => union(kinds.iter().map(|kind| {
            let mut one = schema.clone();
            one["type"] = kind.clone();
            expression(&one, indent)
        })),
        Value::String(kind) => simple(kind, schema, indent),
        _ => "unknown".to_owned(),
    }
}

fn simple(kind: &str, schema: &Value, indent: &str) -> String {
    match kind {
        "integer" | "number" => "number".to_owned(),
        "array" => format!("({})[]", expression(&schema["items"], indent))
            .replace("(string)", "string")
            .replace("(number)", "number"),
        "object" => fields(schema).map_or_else(
            || "Record<string, unknown>".to_owned(),
            |fields| members(fields, schema, indent),
        ),
        same => same.to_owned(),
    }
}

fn union(choices: impl Iterator<Item = String>) -> String {
    choices.collect::<Vec<_>>().join(" | ")
}

fn comment(schema: &Value, indent: &str) -> String {
    schema["description"]
        .as_str()
        .map_or_else(String::new, |text| {
            // Nothing may end the comment early.
            let text = text.replace("*/", "* /").replace('\n', " ");
            format!("{indent}/** {text} */\n")
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::render;

    #[test]
    fn a_struct_becomes_an_interface_and_an_enum_a_union() {
        let text = render(&json!({ "$defs": {
            "Answer": { "oneOf": [{ "const": "yes" }, { "const": "no" }] },
            "Report": {
                "description": "A report.",
                "type": "object",
                "properties": {
                    "answer": { "$ref": "#/$defs/Answer" },
                    "bytes": { "type": ["integer", "null"] },
                    "names": { "type": "array", "items": { "type": "string" } }
                },
                "required": ["answer", "names"]
            }
        }}));
        assert!(text.contains("export type Answer = \"yes\" | \"no\";\n"));
        assert!(text.contains("/** A report. */\nexport interface Report {\n"));
        assert!(
            text.contains("  answer: Answer;\n  bytes?: number | null;\n  names: string[];\n}\n")
        );
    }
}
