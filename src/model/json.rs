//! Reading JSON.

use serde::de::DeserializeOwned;

/// Reads a value from JSON.
///
/// From bytes, as the server functions' codec does: for each way of reading, the code for every type is compiled, and
/// downloaded by every browser, once more.
///
/// # Errors
/// What is wrong with the text, and where.
pub fn read<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    serde_json::from_slice(text.as_bytes())
}
