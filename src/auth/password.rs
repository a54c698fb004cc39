//! Passwords: argon2id, PHC strings.

use crate::error::AppError;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};

/// The hash could not be computed.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct HashError;

/// 19 MiB, two passes, one lane: OWASP's recommendation for argon2id.
fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

/// Hashes a password with a random salt. Blocking: tens of milliseconds.
pub fn hash(password: &str) -> Result<String, HashError> {
    argon2().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|_| HashError)
}

/// The same, away from the worker's thread, which goes on with other requests.
pub async fn hash_apart(password: String) -> Result<String, AppError> {
    actix_web::web::block(move || hash(&password)).await.map_err(AppError::internal)?.map_err(AppError::internal)
}

/// Whether a password fits, away from the worker's thread.
pub async fn verify_apart(password: String, stored: String) -> Result<bool, AppError> {
    actix_web::web::block(move || verify(&password, &stored)).await.map_err(AppError::internal)
}

/// Whether a password fits a stored hash. Blocking: tens of milliseconds.
pub fn verify(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored).is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
}
