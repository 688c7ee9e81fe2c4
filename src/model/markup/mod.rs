//! The Markdown renderer of messages: safe HTML, the same on the server and in the browser.
//!
//! It is our own: the browser downloads every byte, and a full CommonMark parser weighs as much as a sixth of the
//! client. It follows CommonMark 0.31 in what people write in a chat (code fences, quotes, lists, headings, rules,
//! emphasis, code spans, links, escapes), plus `~~strikethrough~~` and bare addresses. It differs where a chat's reader
//! would be surprised:
//! - a line break is a line break;
//! - a line belongs to a quote or a list only by its `>` or its indent, never by following one;
//! - `---` below a line is a rule, four leading spaces are not code, and `&lt;` is shown as written;
//! - headings are bold lines, and images are links (an external image would reveal to its host who reads);
//! - raw HTML is text, and there are no reference links.
//!
//! What is not on the short list of elements cannot come out, and links lead only to `http`, `https` and `mailto`.
//! Every message is rendered within milliseconds, hostile ones too: look-aheads may fail only a limited number of
//! times.

mod address;
mod block;
mod emoji;
mod emphasis;
mod inline;
mod link;

#[cfg(test)]
mod tests;

/// Renders a message's body.
pub fn html(body: &str) -> String {
    let mut out = String::with_capacity(body.len() * 2);
    if emoji::is_jumbo(body) {
        out.push_str("<p class=\"jumbo\">");
        escape(body.trim(), &mut out);
        out.push_str("</p>");
    } else {
        let lines: Vec<&str> = body.lines().collect();
        block::render(&lines, &mut out);
    }
    out
}

/// Escapes text for HTML, in content and in a quoted attribute.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
}
