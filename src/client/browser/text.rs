//! What the browser knows of characters, so that its tables need not be downloaded.

/// Gives the characters of which a character is made (Unicode's canonical decomposition).
pub fn decompose(c: char, give: &mut dyn FnMut(char)) {
    let text = js_sys::JsString::from(c.to_string());
    String::from(text.normalize("NFD")).chars().for_each(give);
}
