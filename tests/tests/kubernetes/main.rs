//! What is exported for Kubernetes is read by the types of Kubernetes and of the Gateway API, and fits the
//! schemas of custom resources; Secrets made by hand are imported.

mod exported;
mod hostile;
mod ingress;
mod judges;
mod secrets;
