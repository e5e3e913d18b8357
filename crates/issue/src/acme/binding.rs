//! A new account that is bound to one that its user has with the CA (RFC 8555, section 7.3.4), by a key that is kept
//! already. instant-acme makes the key of such an account itself, and has it told when the CA has taken it.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, LOCATION, USER_AGENT};
use http::{Request, Response};
use instant_acme::{Error, Problem};
use rustls_pki_types::PrivatePkcs8KeyDer;
use serde::Deserialize;
use serde_json::{Value, json};

use super::account::External;
use super::transport::Transport;

/// Bytes of a coordinate of P-256, behind the first, which says that both are there (SEC 1, section 2.3.3).
const COORDINATE: usize = 32;

/// Who asks (RFC 8555, section 6.1).
const AGENT: &str = concat!("keyway/", env!("CARGO_PKG_VERSION"));

/// A directory (RFC 8555, section 7.1.1), as far as a new account takes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Places {
    new_nonce: String,
    new_account: String,
}

/// Asks for the account, once; gives back what the CA calls it. Who asks again by the same key has the same account
/// (RFC 8555, section 7.3.1).
pub(super) async fn bind(
    transport: &Transport,
    directory: &str,
    key: &PrivatePkcs8KeyDer<'_>,
    external: &External,
    contact: &[String],
) -> Result<String, Error> {
    let asked = Request::get(directory).header(USER_AGENT, AGENT);
    let asked = asked.body(Bytes::new())?;
    let places: Places = serde_json::from_slice(&good(transport.carry(asked).await?)?)?;
    let asked = Request::head(&places.new_nonce).header(USER_AGENT, AGENT);
    let asked = asked.body(Bytes::new())?;
    let answer = transport.carry(asked).await?;
    let nonce = answer.headers().get("replay-nonce");
    let nonce = nonce.and_then(|nonce| nonce.to_str().ok());
    let nonce = nonce.ok_or("there is no nonce in the answer")?;

    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.secret_pkcs8_der());
    let pair = pair.map_err(|_| Error::Crypto)?;
    let own = public(&pair);
    let secret = hmac::Key::new(hmac::HMAC_SHA256, &external.key);
    let header = json!({"alg": "HS256", "kid": external.key_id, "url": places.new_account});
    let binding = signed(&header, &own, |text| {
        Ok(hmac::sign(&secret, text).as_ref().to_vec())
    })?;
    let wanted = json!({
        "termsOfServiceAgreed": true,
        "contact": contact,
        "externalAccountBinding": binding,
    });
    let header = json!({"alg": "ES256", "jwk": own, "nonce": nonce, "url": places.new_account});
    let body = signed(&header, &wanted, |text| {
        let signature = pair.sign(&SystemRandom::new(), text);
        let signature = signature.map_err(|_| Error::Crypto)?;
        Ok(signature.as_ref().to_vec())
    })?;

    let asked = Request::post(&places.new_account)
        .header(USER_AGENT, AGENT)
        .header(CONTENT_TYPE, "application/jose+json")
        .body(Bytes::from(body.to_string()))?;
    let answer = transport.carry(asked).await?;
    let name = answer.headers().get(LOCATION).cloned();
    good(answer)?;
    let name = name.as_ref().and_then(|name| name.to_str().ok());
    Ok(name.ok_or("the account has no URL")?.to_owned())
}

/// What an answer holds that is no refusal.
fn good(answer: Response<Bytes>) -> Result<Bytes, Error> {
    let status = answer.status();
    let body = answer.into_body();
    if status.is_client_error() || status.is_server_error() {
        return Err(serde_json::from_slice::<Problem>(&body)?.into());
    }
    Ok(body)
}

/// A public key (RFC 7518, section 6.2.1).
fn public(pair: &EcdsaKeyPair) -> Value {
    let point = pair.public_key().as_ref();
    let mut coordinates = point
        .get(1..)
        .unwrap_or_default()
        .chunks(COORDINATE)
        .map(Base64UrlUnpadded::encode_string);
    let (x, y) = (coordinates.next(), coordinates.next());
    json!({"kty": "EC", "crv": "P-256", "x": x, "y": y})
}

/// A signed thing (RFC 7515, section 7.2.2).
fn signed(
    header: &Value,
    content: &Value,
    sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, Error>,
) -> Result<Value, Error> {
    let [protected, payload] =
        [header, content].map(|it| Base64UrlUnpadded::encode_string(it.to_string().as_bytes()));
    let signature = sign(format!("{protected}.{payload}").as_bytes())?;
    let signature = Base64UrlUnpadded::encode_string(&signature);
    Ok(json!({"protected": protected, "payload": payload, "signature": signature}))
}
