//! Values in the query of an address.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

/// What is encoded in a value: everything but letters, digits, the marks that every address may hold, and slashes.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A text as the value of a query.
pub fn value(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, VALUE)
}
