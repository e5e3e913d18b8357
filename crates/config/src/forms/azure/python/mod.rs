//! Python for `azureml.core`: the arguments of known calls, where their values are literal. Nothing is
//! executed; what a variable holds is not known.

mod attributes;
mod calls;
mod reading;
mod tokens;
mod values;

pub(in crate::forms) use reading::from_python;
