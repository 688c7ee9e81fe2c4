//! The one renderer of what people write: Markdown in, safe HTML out, the same on the server and in the browser.
//!
//! What is not on this page's short list of elements cannot come out: raw HTML is shown as text, links lead only
//! to `http`, `https` and `mailto`, and pictures are shown as links (a picture from elsewhere would tell its host
//! who reads).

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

/// Quotes and lists nested deeper than this are shown flat: nobody reads them, and browsers choke on thousands.
const DEPTH_MAX: usize = 8;
/// Emoji by themselves are shown large, up to this many.
const JUMBO_MAX: usize = 6;

/// Renders a message's body.
pub fn html(body: &str) -> String {
    let mut out = Writer { html: String::with_capacity(body.len() * 2), ..Writer::default() };
    if is_jumbo(body) {
        out.html.push_str("<p class=\"jumbo\">");
        escape(body.trim(), &mut out.html);
        out.html.push_str("</p>");
        return out.html;
    }
    for event in Parser::new_ext(body, Options::ENABLE_STRIKETHROUGH) {
        out.event(event);
    }
    out.html
}

/// A message as one line of plain text, for notifications, titles and screen readers.
pub fn plain(body: &str) -> String {
    let mut text = String::new();
    for event in Parser::new_ext(body, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(part) | Event::Code(part) | Event::Html(part) | Event::InlineHtml(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::CodeBlock) => {
                text.push(' ')
            }
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[derive(Default)]
struct Writer {
    html: String,
    /// Open quotes and lists, those beyond `DEPTH_MAX` included.
    depth: usize,
    /// For each open link: whether an `<a>` was written for it.
    links: Vec<bool>,
    in_code_block: bool,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.in_code_block || !self.links.is_empty() => escape(&text, &mut self.html),
            Event::Text(text) => linkify(&text, &mut self.html),
            Event::Code(text) => {
                self.html.push_str("<code>");
                escape(&text, &mut self.html);
                self.html.push_str("</code>");
            }
            Event::Html(text) | Event::InlineHtml(text) => {
                let text = text.trim_end_matches('\n');
                escape(text, &mut self.html);
            }
            Event::SoftBreak | Event::HardBreak => self.html.push_str("<br>"),
            Event::Rule => self.html.push_str("<hr>"),
            // Their options are off; what the parser might still call so is shown as text.
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                escape(&text, &mut self.html)
            }
            Event::TaskListMarker(_) => {}
        }
    }

    fn nest(&mut self, open: &str) {
        self.depth += 1;
        if self.depth <= DEPTH_MAX {
            self.html.push_str(open);
        }
    }

    fn unnest(&mut self, close: &str) {
        if self.depth <= DEPTH_MAX {
            self.html.push_str(close);
        }
        self.depth = self.depth.saturating_sub(1);
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.html.push_str("<p>"),
            // A heading would shout across the timeline; it stays a bold line.
            Tag::Heading { .. } => self.html.push_str("<p><strong>"),
            Tag::BlockQuote(_) => self.nest("<blockquote>"),
            Tag::CodeBlock(kind) => {
                self.in_code_block = true;
                self.html.push_str("<pre tabindex=\"0\"><code");
                if let CodeBlockKind::Fenced(language) = kind
                    && let Some(name) = language.split_whitespace().next()
                {
                    self.html.push_str(" data-language=\"");
                    escape(name, &mut self.html);
                    self.html.push('"');
                }
                self.html.push('>');
            }
            Tag::List(Some(1)) => self.nest("<ol>"),
            Tag::List(Some(from)) => self.nest(&format!("<ol start=\"{from}\">")),
            Tag::List(None) => self.nest("<ul>"),
            Tag::Item if self.depth <= DEPTH_MAX => self.html.push_str("<li>"),
            Tag::Item => self.html.push_str("<br>"),
            Tag::Emphasis => self.html.push_str("<em>"),
            Tag::Strong => self.html.push_str("<strong>"),
            Tag::Strikethrough => self.html.push_str("<del>"),
            Tag::Link { dest_url, link_type, .. } => self.link(&dest_url, link_type),
            Tag::Image { dest_url, link_type, .. } => self.link(&dest_url, link_type),
            // Off, see `html`.
            Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition => {}
            Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::TableCell => {}
            Tag::Superscript | Tag::Subscript | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.html.push_str("</p>"),
            TagEnd::Heading(_) => self.html.push_str("</strong></p>"),
            TagEnd::BlockQuote(_) => self.unnest("</blockquote>"),
            TagEnd::CodeBlock => {
                self.in_code_block = false;
                self.html.push_str("</code></pre>");
            }
            TagEnd::List(true) => self.unnest("</ol>"),
            TagEnd::List(false) => self.unnest("</ul>"),
            TagEnd::Item if self.depth <= DEPTH_MAX => self.html.push_str("</li>"),
            TagEnd::Item => {}
            TagEnd::Emphasis => self.html.push_str("</em>"),
            TagEnd::Strong => self.html.push_str("</strong>"),
            TagEnd::Strikethrough => self.html.push_str("</del>"),
            TagEnd::Link | TagEnd::Image => {
                if self.links.pop() == Some(true) {
                    self.html.push_str("</a>");
                }
            }
            TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition => {}
            TagEnd::Table | TagEnd::TableHead | TagEnd::TableRow | TagEnd::TableCell => {}
            TagEnd::Superscript | TagEnd::Subscript | TagEnd::MetadataBlock(_) => {}
        }
    }

    fn link(&mut self, target: &str, kind: LinkType) {
        let mail = matches!(kind, LinkType::Email);
        let target = if mail { format!("mailto:{target}") } else { target.to_owned() };
        // A link inside a link (a picture as a link's text) stays one link.
        let open = is_safe(&target) && !self.links.contains(&true);
        if open {
            open_link(&target, &mut self.html);
        }
        self.links.push(open);
    }
}

fn is_safe(target: &str) -> bool {
    let lower = target.trim_start().to_ascii_lowercase();
    ["http://", "https://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme))
        && !target.chars().any(char::is_control)
}

fn open_link(target: &str, out: &mut String) {
    out.push_str("<a href=\"");
    escape(target.trim(), out);
    out.push_str("\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">");
}

/// Writes text, with addresses in it made links.
fn linkify(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some((start, end)) = find_address(rest) {
        escape(&rest[..start], out);
        let address = &rest[start..end];
        if address.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("www.")) {
            open_link(&format!("https://{address}"), out);
        } else {
            open_link(address, out);
        }
        escape(address, out);
        out.push_str("</a>");
        rest = &rest[end..];
    }
    escape(rest, out);
}

/// The most bytes of a web address; what is longer is no address, and stays text.
const ADDRESS_MAX: usize = 2_000;

/// The byte range of the first web address in a text. Closing punctuation that belongs to the sentence is left out.
///
/// The time is linear in the text: what has been looked at and refused is not looked at again.
fn find_address(text: &str) -> Option<(usize, usize)> {
    let lower = text.to_ascii_lowercase();
    let mut from = 0;
    while let Some((start, prefix)) = next_prefix(&lower, from) {
        from = start + prefix.len();
        let at_word_start = text[..start].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        if !at_word_start || !text[from..].starts_with(|c: char| c.is_alphanumeric() || c == '[') {
            continue;
        }
        let ends = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"');
        let stop = text[start..].find(ends).map_or(text.len(), |length| start + length);
        let end = start + without_closing_marks(&text[start..stop]);
        let host = text.get(start + prefix.len()..end).unwrap_or_default();
        if stop - start <= ADDRESS_MAX && !host.is_empty() && (prefix != "www." || host.contains('.')) {
            return Some((start, end));
        }
        from = stop;
    }
    None
}

/// Where the next address may begin, at or after a byte.
fn next_prefix(lower: &str, from: usize) -> Option<(usize, &'static str)> {
    let mut at = from;
    // Every address has a `:` or a `.` close to its beginning; looking for those passes over the text once.
    while let Some(mark) = lower.get(at..)?.find([':', '.']).map(|length| at + length) {
        for (prefix, length_before) in [("https://", 5), ("http://", 4), ("www.", 3)] {
            if let Some(start) = mark.checked_sub(length_before).filter(|start| *start >= from)
                && lower.get(start..).is_some_and(|rest| rest.starts_with(prefix))
            {
                return Some((start, prefix));
            }
        }
        at = mark + 1;
    }
    None
}

/// The length of an address less the marks at its end that belong to the sentence around it.
fn without_closing_marks(address: &str) -> usize {
    let count = |mark: char| address.chars().filter(|c| *c == mark).count();
    let (mut round, mut square) = (count(')').saturating_sub(count('(')), count(']').saturating_sub(count('[')));
    let mut end = address.len();
    for last in address.chars().rev() {
        let closes = match last {
            ')' if round > 0 => {
                round -= 1;
                true
            }
            ']' if square > 0 => {
                square -= 1;
                true
            }
            _ => {
                matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' | '…' | '“' | '”' | '‘' | '’')
            }
        };
        if !closes {
            break;
        }
        end -= last.len_utf8();
    }
    end
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

/// Whether a message is nothing but a few emoji.
fn is_jumbo(body: &str) -> bool {
    let body = body.trim();
    if body.len() > 200 {
        return false;
    }
    let mut count = 0;
    let mut joined = false;
    for c in body.chars() {
        match c {
            '\u{200d}' => joined = true,
            // Variation selector, skin tones, the tags of flags, keycap: part of the emoji before.
            '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}' | '\u{20e3}' if count > 0 => {}
            '\u{1f000}'..='\u{1faff}'
            | '\u{2600}'..='\u{27bf}'
            | '\u{2b50}'
            | '\u{2b55}'
            | '\u{231a}'..='\u{231b}'
            | '\u{23e9}'..='\u{23fa}' => {
                if !joined {
                    count += 1;
                }
                joined = false;
            }
            c if c.is_whitespace() => {}
            _ => return false,
        }
    }
    // A flag is two letters.
    let flags = body.chars().filter(|c| ('\u{1f1e6}'..='\u{1f1ff}').contains(c)).count() / 2;
    (1..=JUMBO_MAX).contains(&(count - flags.min(count)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "target=\"_blank\" rel=\"noopener noreferrer nofollow\"";

    #[test]
    fn the_usual_marks_come_out_as_elements() {
        assert_eq!(
            html("**b** *i* ~~s~~ `c<`"),
            "<p><strong>b</strong> <em>i</em> <del>s</del> <code>c&lt;</code></p>"
        );
        assert_eq!(html("one\ntwo"), "<p>one<br>two</p>");
        assert_eq!(html("> q\n\n- a\n- b"), "<blockquote><p>q</p></blockquote><ul><li>a</li><li>b</li></ul>");
        assert_eq!(
            html("```rust\nfn a() {}\n```"),
            "<pre tabindex=\"0\"><code data-language=\"rust\">fn a() {}\n</code></pre>"
        );
        assert_eq!(html("3. c"), "<ol start=\"3\"><li>c</li></ol>");
        assert_eq!(html("# Loud"), "<p><strong>Loud</strong></p>");
    }

    #[test]
    fn addresses_become_links_without_the_sentence_around_them() {
        assert_eq!(
            html("see https://a.example/b_c_d."),
            format!("<p>see <a href=\"https://a.example/b_c_d\" {LINK}>https://a.example/b_c_d</a>.</p>")
        );
        assert_eq!(
            html("(www.a.example)"),
            format!("<p>(<a href=\"https://www.a.example\" {LINK}>www.a.example</a>)</p>")
        );
        assert_eq!(
            html("https://a.example/(b)"),
            format!("<p><a href=\"https://a.example/(b)\" {LINK}>https://a.example/(b)</a></p>")
        );
        assert_eq!(html("xhttp://no and http:// and www.no"), "<p>xhttp://no and http:// and www.no</p>");
        assert_eq!(html("[t](https://a.example)"), format!("<p><a href=\"https://a.example\" {LINK}>t</a></p>"));
    }

    #[test]
    fn nothing_that_runs_or_loads_comes_out() {
        assert_eq!(html("<script>alert(1)</script>"), "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>");
        assert_eq!(html("a <b onclick=x>b</b>"), "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>");
        assert_eq!(html("[x](javascript:alert(1))"), "<p>x</p>");
        assert_eq!(html("[x](data:text/html,x)"), "<p>x</p>");
        assert_eq!(html("[x](JaVaScRiPt:alert(1))"), "<p>x</p>");
        assert_eq!(
            html("![x](https://a.example/t.png)"),
            format!("<p><a href=\"https://a.example/t.png\" {LINK}>x</a></p>")
        );
        let quoted = format!("<p><a href=\"https://a.example/&quot;onmouseover=&quot;alert(1)\" {LINK}>x</a></p>");
        assert_eq!(html("[x](https://a.example/\"onmouseover=\"alert(1))"), quoted);
        assert!(!html("```\"><script>\nx\n```").contains("<script"));
    }

    #[test]
    fn hostile_text_yields_only_the_listed_elements() {
        // A small generator of nasty text: every combination of these pieces in a fixed pseudo-random order.
        let pieces = [
            "<",
            ">",
            "\"",
            "'",
            "&",
            "`",
            "```",
            "\n",
            "\n\n",
            "*",
            "**",
            "_",
            "~~",
            "[",
            "](",
            ")",
            "![",
            "> ",
            "- ",
            "1. ",
            "# ",
            "javascript:",
            "https://x.y/",
            "www.x.y",
            "<img src=x onerror=y>",
            "<!--",
            "-->",
            "&lt;",
            "\\",
            "a",
            " ",
            "\t",
            "|",
            "<a href=",
            "\u{202e}",
            "😀",
        ];
        let allowed = ["p", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "br", "hr", "a"];
        let mut state = 7u64;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..12 {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                text.push_str(pieces[(state >> 33) as usize % pieces.len()]);
            }
            let html = html(&text);
            let mut depth = 0i32;
            for part in html.split('<').skip(1) {
                let name: String =
                    part.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
                assert!(allowed.contains(&name.as_str()), "{text:?} gave {html}");
                if !matches!(name.as_str(), "br" | "hr") {
                    depth += if part.starts_with('/') { -1 } else { 1 };
                }
                assert!(depth >= 0, "{text:?} gave {html}");
                if let Some(href) = part.split("href=\"").nth(1) {
                    assert!(is_safe(href.split('"').next().unwrap()), "{text:?} gave {html}");
                }
            }
            assert_eq!(depth, 0, "{text:?} gave {html}");
        }
    }

    #[test]
    fn no_message_takes_long_to_render() {
        let hostile = [
            format!("{}{}", "ahttp://".repeat(500), ")".repeat(4_000)),
            format!("http://x{}", ")".repeat(7_990)),
            "www.".repeat(2_000),
            "http://".repeat(1_142),
            "http://a ".repeat(888),
            ":.".repeat(4_000),
            "[".repeat(8_000),
            "*a_".repeat(2_666),
            "`".repeat(8_000),
            "<".repeat(8_000),
        ];
        for body in hostile {
            let began = std::time::Instant::now();
            let _html = html(&body);
            let took = began.elapsed();
            // Some milliseconds in an unoptimised build; a rescan of the rest for each character takes far longer.
            assert!(took.as_millis() < 500, "{took:?} for {}…", &body[..20]);
        }
    }

    #[test]
    fn deep_nesting_is_shown_flat() {
        let html = html(&format!("{}x", "> ".repeat(3000)));
        assert_eq!(html.matches("<blockquote>").count(), DEPTH_MAX);
        assert_eq!(html.matches("</blockquote>").count(), DEPTH_MAX);
    }

    #[test]
    fn emoji_by_themselves_are_large() {
        for text in ["😀", "👍🏽 🎉", "👩‍👩‍👧", "🇳🇱", "❤️"] {
            assert!(html(text).starts_with("<p class=\"jumbo\">"), "{text}");
        }
        for text in ["😀 yes", "123", "©", &"😀".repeat(7)] {
            assert!(!html(text).contains("jumbo"), "{text}");
        }
    }

    #[test]
    fn plain_text_keeps_the_words() {
        assert_eq!(plain("**a**\n> b\n\n`c` [d](https://x.y)"), "a b c d");
    }
}
