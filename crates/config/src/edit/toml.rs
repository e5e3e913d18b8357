use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};
use zeroize::Zeroizing;

use super::{EditError, Setting, lines, list, no_table};
use crate::ReadError;

/// Changes a text of TOML.
pub(super) fn change(
    text: &str,
    settings: &[(Vec<&str>, &Setting)],
) -> Result<Zeroizing<String>, EditError> {
    let parsed = text.parse::<DocumentMut>();
    let mut document = parsed.map_err(|error| ReadError::Syntax {
        message: error.message().to_owned(),
        bytes: error.span().unwrap_or(0..0),
    })?;
    for (path, setting) in settings {
        let Some((name, tables)) = path.split_last() else {
            continue;
        };
        let item = value(setting);
        let creates = item.is_some();
        let Some(table) =
            find(document.as_table_mut(), tables, creates).map_err(|()| no_table(path))?
        else {
            continue;
        };
        match item {
            Some(_) if is_changed_inside(table, name, setting) => {}
            Some(new) => set(table, name, new),
            None => drop(table.remove(name)),
        }
    }
    let changed = Zeroizing::new(document.to_string());
    Ok(lines::settle(text, &changed).unwrap_or(changed))
}

fn value(setting: &Setting) -> Option<Value> {
    match setting {
        Setting::Text(text) => Some(Value::from(text.as_str())),
        Setting::Texts(texts) => Some(Value::Array(texts.iter().collect::<Array>())),
        Setting::Truth(truth) => Some(Value::from(*truth)),
        Setting::Table(name, text) => {
            let mut table = InlineTable::new();
            table.insert(name, Value::from(text.as_str()));
            Some(Value::InlineTable(table))
        }
        Setting::Nothing => None,
    }
}

/// Changes a list where it stands, so that the comments in it stay.
fn is_changed_inside(table: &mut dyn TableLike, name: &str, setting: &Setting) -> bool {
    let texts = match setting {
        Setting::Texts(texts) => texts.as_slice(),
        Setting::Text(text) => std::slice::from_ref(text),
        _ => return false,
    };
    let list = table.get_mut(name).and_then(Item::as_array_mut);
    list.is_some_and(|list| list::change(list, texts))
}

/// Sets a value, with the blanks and the comment that stand around the one there is.
fn set(table: &mut dyn TableLike, name: &str, mut new: Value) {
    match table.get_mut(name) {
        Some(Item::Value(old)) => {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        Some(item) => *item = Item::Value(new),
        None => drop(table.insert(name, Item::Value(new))),
    }
}

/// The table at a path, which has the number of a table behind the name of a list; made where it is not there and something has to go into it.
fn find<'t>(
    root: &'t mut Table,
    path: &[&str],
    creates: bool,
) -> Result<Option<&'t mut dyn TableLike>, ()> {
    let mut table: &mut dyn TableLike = root;
    let mut names = path.iter();
    while let Some(name) = names.next() {
        if table.get(name).is_none() {
            if !creates {
                return Ok(None);
            }
            table.insert(name, Item::Table(Table::new()));
        }
        let mut number = || names.next().and_then(|number| number.parse::<usize>().ok());
        let inner: Option<&mut dyn TableLike> = match table.get_mut(name) {
            Some(Item::ArrayOfTables(tables)) => {
                let one = number().and_then(|number| tables.get_mut(number));
                one.map(|table| table as &mut dyn TableLike)
            }
            Some(Item::Value(Value::Array(list))) => {
                let one = number().and_then(|number| list.get_mut(number));
                let table = one.and_then(Value::as_inline_table_mut);
                table.map(|table| table as &mut dyn TableLike)
            }
            item => item.and_then(Item::as_table_like_mut),
        };
        table = inner.ok_or(())?;
    }
    Ok(Some(table))
}
