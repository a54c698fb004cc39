//! Access tokens: signed EdDSA JWTs of at most 15 minutes, and the key that signs them.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use uuid::Uuid;

/// Life of an access token in seconds.
pub const ACCESS_TOKEN_SECONDS: i64 = 900;
const ISSUER: &str = "ngayhoi";
const AUDIENCE: &str = "ngayhoi-api";
/// The `typ` of an access token (RFC 9068).
const TOKEN_TYPE: &str = "at+jwt";
/// Tolerated difference between two clocks, in seconds.
const LEEWAY: u64 = 10;

/// Whether a person or a machine holds the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// A person, signed in with a session.
    User,
    /// A machine account.
    ApiClient,
    /// A device that checks guests in.
    Device,
}

/// What a token says. Role and unit are information for the holder: what counts is read live.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    /// Issuer.
    pub iss: String,
    /// Audience.
    pub aud: String,
    /// Account.
    pub sub: Uuid,
    /// Kind of the account.
    pub sub_kind: SubjectKind,
    /// Session of a person; the account itself for a machine; the enrolment of a device.
    pub sid: Uuid,
    /// Role when the token was issued.
    pub role: String,
    /// Issued at, seconds since 1970.
    pub iat: i64,
    /// Not before.
    pub nbf: i64,
    /// Expires.
    pub exp: i64,
    /// Id of the token.
    pub jti: Uuid,
}

/// The key could not be read or made.
#[derive(Debug, thiserror::Error)]
#[error("the signing key in {path} cannot be used: {why}")]
pub struct KeyError {
    path: String,
    why: String,
}

/// The secrets of this installation: the signing key, and the key under which cursors are signed.
pub struct Keys {
    kid: String,
    public: Vec<u8>,
    encoding: EncodingKey,
    decoding: DecodingKey,
    cursor_secret: [u8; 32],
}

impl Keys {
    /// Reads the key from the data directory, or makes one there (mode 0600) on the first run.
    pub fn load_or_create(data_dir: &Path) -> Result<Self, KeyError> {
        let path = data_dir.join("signing-key.pem");
        let fail = |why: String| KeyError { path: path.display().to_string(), why };
        let pem = match std::fs::read_to_string(&path) {
            Ok(pem) => pem,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let document = aws_lc_rs::signature::Ed25519KeyPair::generate_pkcs8v1(&aws_lc_rs::rand::SystemRandom::new())
                    .map_err(|_| fail("no random numbers".to_owned()))?;
                let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(document.as_ref()));
                write_secret(&path, pem.as_bytes()).map_err(|error| fail(error.to_string()))?;
                // Another process may have been first: what stands in the file counts.
                std::fs::read_to_string(&path).map_err(|error| fail(error.to_string()))?
            }
            Err(error) => return Err(fail(error.to_string())),
        };
        Self::from_pem(&pem).map_err(fail)
    }

    fn from_pem(pem: &str) -> Result<Self, String> {
        let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        let der = STANDARD.decode(body).map_err(|error| error.to_string())?;
        let pair = aws_lc_rs::signature::Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).map_err(|error| error.to_string())?;
        let public = aws_lc_rs::signature::KeyPair::public_key(&pair).as_ref().to_vec();
        let mut secret = Sha256::new();
        secret.update(b"ngayhoi cursor v1");
        secret.update(&der);
        Ok(Self {
            kid: URL_SAFE_NO_PAD.encode(Sha256::digest(&public).iter().take(12).copied().collect::<Vec<u8>>()),
            encoding: EncodingKey::from_ed_der(&der),
            decoding: DecodingKey::from_ed_components(&URL_SAFE_NO_PAD.encode(&public)).map_err(|error| error.to_string())?,
            public,
            cursor_secret: secret.finalize().into(),
        })
    }

    /// The secret that list cursors are signed with; derived, so that there is one secret to keep.
    pub fn cursor_secret(&self) -> &[u8] {
        &self.cursor_secret
    }

    /// The public key as a JWK (RFC 8037).
    pub fn jwk(&self) -> serde_json::Value {
        serde_json::json!({
            "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.kid, "x": URL_SAFE_NO_PAD.encode(&self.public),
        })
    }

    /// Signs a token that lives for `seconds`.
    pub fn sign(&self, kind: SubjectKind, sub: Uuid, sid: Uuid, role: &str, seconds: i64) -> Result<String, jsonwebtoken::errors::Error> {
        let now = chrono::Utc::now().timestamp();
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub,
            sub_kind: kind,
            sid,
            role: role.to_owned(),
            iat: now,
            nbf: now,
            exp: now + seconds,
            jti: Uuid::now_v7(),
        };
        self.sign_as(TOKEN_TYPE, &claims)
    }

    /// Signs claims of another kind than access tokens: `typ` keeps the kinds apart (RFC 8725, 3.11).
    pub fn sign_as(&self, typ: &str, claims: &impl Serialize) -> Result<String, jsonwebtoken::errors::Error> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(typ.to_owned());
        header.kid = Some(self.kid.clone());
        jsonwebtoken::encode(&header, claims, &self.encoding)
    }

    /// Checks a token: one algorithm, our key, its type, and every time and name in it.
    pub fn verify(&self, token: &str) -> Option<Claims> {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        self.decode(TOKEN_TYPE, token, &validation)
    }

    /// Checks what [`Keys::sign_as`] signed: our key, the kind and the audience. It does not expire by itself.
    pub fn verify_as<T: DeserializeOwned + Clone>(&self, typ: &str, audience: &str, token: &str) -> Option<T> {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.validate_exp = false;
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["aud"]);
        self.decode(typ, token, &validation)
    }

    fn decode<T: DeserializeOwned + Clone>(&self, typ: &str, token: &str, validation: &Validation) -> Option<T> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        if header.typ.as_deref() != Some(typ) || header.kid.as_deref() != Some(self.kid.as_str()) {
            return None;
        }
        jsonwebtoken::decode::<T>(token, &self.decoding, validation).ok().map(|token| token.claims)
    }
}

/// Writes a file that only its owner can read; fails quietly when it exists already.
fn write_secret(path: &Path, content: &[u8]) -> std::io::Result<()> {
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => {
            file.write_all(content)?;
            file.sync_all()
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// A random secret of 256 bits, URL-safe, with a prefix that tells what it is.
pub fn random_secret(prefix: &str) -> String {
    let bytes: [u8; 32] = rand::random();
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// What is stored of a random secret. It has full entropy: a plain hash is enough.
pub fn secret_hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// Compares two hashes without telling by time where they differ.
pub fn hashes_equal(left: &[u8], right: &[u8]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(left, right).is_ok()
}
