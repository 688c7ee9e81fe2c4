//! Link targets and the `<a>` element.

use super::address::{ADDRESS_MAX, changes_direction};
use super::escape;

/// A link's target after its text: `(address "title")`. The title is dropped. Returns the target and the length of the
/// whole.
pub(super) fn target(text: &str) -> Option<(String, usize)> {
    let inner = text.strip_prefix('(')?;
    let start = text.len() - inner.trim_start().len();
    let (target, length) = match text[start..].strip_prefix('<') {
        Some(inner) => {
            let end = inner.find(['>', '<', '\n'])?;
            inner[end..].starts_with('>').then_some((&inner[..end], end + 2))?
        }
        None => {
            let end = bare_end(&text[start..])?;
            (&text[start..start + end], end)
        }
    };
    let behind = &text[start + length..];
    let rest = behind.trim_start();
    let rest = match rest.chars().next()? {
        open @ ('"' | '\'') if rest.len() < behind.len() => {
            let close = rest[1..].find(open)?;
            rest[close + 2..].trim_start()
        }
        _ => rest,
    };
    let rest = rest.strip_prefix(')')?;
    Some((unescaped(target), text.len() - rest.len()))
}

/// Where a target without angle brackets ends: at white space, or at the parenthesis that closes the link.
fn bare_end(text: &str) -> Option<usize> {
    let mut open = 0usize;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if at > ADDRESS_MAX {
            return None;
        }
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '(' => open += 1,
            ')' if open == 0 => return Some(at),
            ')' => open -= 1,
            c if c.is_whitespace() || c.is_control() => return Some(at),
            _ => {}
        }
    }
    None
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let shown = if c == '\\' { rest.next_if(char::is_ascii_punctuation).unwrap_or(c) } else { c };
        out.push(shown);
    }
    out
}

/// An address in pointed brackets, `<https://…>` or `<name@host>`: its target and the length of it all.
pub(super) fn angle_bracketed(text: &str) -> Option<(String, usize)> {
    let inner = text.strip_prefix('<')?;
    let ends = |c: char| c.is_whitespace() || c.is_control() || c == '<' || c == '>';
    let end = inner.find(ends)?;
    let address = inner[end..].starts_with('>').then_some(&inner[..end])?;
    let mail = |address: &str| {
        let (name, host) = address.split_once('@')?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c);
        let host_fits =
            host.split('.').all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
        (!name.is_empty() && name.chars().all(plain) && host_fits).then(|| format!("mailto:{address}"))
    };
    let target = if is_safe(address) { Some(address.to_owned()) } else { mail(address) }?;
    Some((target, end + 2))
}

/// Whether a target is safe to link to.
pub(super) fn is_safe(target: &str) -> bool {
    let lower = target.trim_start().to_ascii_lowercase();
    ["http://", "https://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme))
        && !target.chars().any(|c| c.is_control() || changes_direction(c))
}

/// Writes the start tag of a link.
pub(super) fn open(target: &str, out: &mut String) {
    out.push_str("<a href=\"");
    escape(target.trim(), out);
    out.push_str("\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">");
}
