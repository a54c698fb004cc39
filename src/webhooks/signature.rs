//! Secrets and signatures of webhooks, as Standard Webhooks 1.0 has them: HMAC-SHA256 over id, time and body.

use crate::ids::WebhookId;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

/// What every secret begins with.
pub const PREFIX: &str = "whsec_";

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of any length.
    #[allow(clippy::expect_used)]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// The bytes of a webhook's secret: derived from the service's own, so that none is stored and no dump of the database holds one.
pub fn key(service_secret: &[u8], id: WebhookId, no: i32) -> [u8; 32] {
    mac(service_secret, &[b"webhook", Uuid::from(id).as_bytes(), &no.to_be_bytes()])
}

/// A secret as its receiver keeps it.
pub fn secret(key: &[u8; 32]) -> String {
    format!("{PREFIX}{}", STANDARD.encode(key))
}

/// `webhook-signature` of a message: one signature for each key, separated by spaces.
pub fn sign(keys: &[[u8; 32]], message_id: &str, timestamp: i64, body: &[u8]) -> String {
    let timestamp = timestamp.to_string();
    let signed = |key: &[u8; 32]| {
        let parts: [&[u8]; 5] = [message_id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
        format!("v1,{}", STANDARD.encode(mac(key, &parts)))
    };
    keys.iter().map(signed).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_signed_as_the_standard_shows() {
        // The example of Standard Webhooks, "Verifying signatures".
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = mac(&key, &[br#"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}"#]);
        assert_eq!(STANDARD.encode(signed), "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let keys = [super::key(b"s", WebhookId(Uuid::nil()), 1), super::key(b"s", WebhookId(Uuid::nil()), 2)];
        assert_ne!(keys[0], keys[1]);
        assert_eq!(sign(&keys, "m", 1, b"{}").split(' ').count(), 2);
    }
}
