//! Azure Machine Learning v1: `azureml.core.compute.aks.SslConfiguration`, the arguments of `enable_ssl` and
//! of a single container (ACI), and the command line that sets a cluster's.

mod members;
mod python;
mod read;
mod write;

pub(super) use python::from_python;
pub(super) use read::{container_from_json, from_command, from_json};
pub(super) use write::{cluster, command, container, json, python};
