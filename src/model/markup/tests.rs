use super::block::DEPTH_MAX;
use super::html;
use super::link::is_safe;

const LINK: &str = "target=\"_blank\" rel=\"noopener noreferrer nofollow\"";

#[test]
fn the_usual_marks_become_elements() {
    assert_eq!(html("**b** *i* ~~s~~ `c<`"), "<p><strong>b</strong> <em>i</em> <del>s</del> <code>c&lt;</code></p>");
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
    assert_eq!(html("(www.a.example)"), format!("<p>(<a href=\"https://www.a.example\" {LINK}>www.a.example</a>)</p>"));
    assert_eq!(
        html("https://a.example/(b)"),
        format!("<p><a href=\"https://a.example/(b)\" {LINK}>https://a.example/(b)</a></p>")
    );
    assert_eq!(html("xhttp://no and http:// and www.no"), "<p>xhttp://no and http:// and www.no</p>");
    assert_eq!(html("[t](https://a.example)"), format!("<p><a href=\"https://a.example\" {LINK}>t</a></p>"));
}

#[test]
fn the_output_contains_nothing_that_runs_or_loads() {
    assert_eq!(html("<script>alert(1)</script>"), "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>");
    assert_eq!(html("a <b onclick=x>b</b>"), "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>");
    assert_eq!(html("[x](javascript:alert(1))"), "<p>[x](javascript:alert(1))</p>");
    assert_eq!(html("[x](data:text/html,x)"), "<p>[x](data:text/html,x)</p>");
    assert_eq!(html("[x](JaVaScRiPt:alert(1))"), "<p>[x](JaVaScRiPt:alert(1))</p>");
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
    // Generates hostile text: combinations of these pieces in a fixed pseudo-random order.
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
            let name: String = part.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
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
fn hostile_messages_render_fast() {
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
        "[](".repeat(2_666),
        "www.".repeat(2_000),
        "![".repeat(1_600) + &"](x)".repeat(1_200),
    ];
    for body in hostile {
        let began = std::time::Instant::now();
        let _html = html(&body);
        let took = began.elapsed();
        // About fifty milliseconds in an unoptimised build; rescanning the rest for each character would take far
        // longer.
        assert!(took.as_millis() < 150, "{took:?} for {}…", &body[..20]);
    }
}

#[test]
fn deep_nesting_is_shown_flat() {
    let html = html(&format!("{}x", "> ".repeat(3000)));
    assert_eq!(html.matches("<blockquote>").count(), DEPTH_MAX);
    assert_eq!(html.matches("</blockquote>").count(), DEPTH_MAX);
}

#[test]
fn messages_of_only_emoji_are_large() {
    for text in ["😀", "👍🏽 🎉", "👩‍👩‍👧", "🇳🇱", "❤️"] {
        assert!(html(text).starts_with("<p class=\"jumbo\">"), "{text}");
    }
    for text in ["😀 yes", "123", "©", &"😀".repeat(7)] {
        assert!(!html(text).contains("jumbo"), "{text}");
    }
}

#[test]
fn a_line_belongs_to_a_quote_or_a_list_only_by_its_mark_or_indent() {
    assert_eq!(html("> q\nr"), "<blockquote><p>q</p></blockquote><p>r</p>");
    assert_eq!(html("a\n- b\nc"), "<p>a</p><ul><li>b</li></ul><p>c</p>");
    assert_eq!(html("- a\n  b\n\n  c\n- d"), "<ul><li>a<br>b<p>c</p></li><li>d</li></ul>");
    assert_eq!(html("- a\n\n- b\n\nc"), "<ul><li>a</li><li>b</li></ul><p>c</p>");
    assert_eq!(html("- a\n* b"), "<ul><li>a</li></ul><ul><li>b</li></ul>");
    assert_eq!(html("> > a\n> b"), "<blockquote><blockquote><p>a</p></blockquote><p>b</p></blockquote>");
}

#[test]
fn lists_nest_by_two_columns_and_more() {
    let nested = "<ol><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ol>";
    assert_eq!(html("1. a\n  - b\n    - c\n2. d"), nested);
    assert_eq!(html("1. a\n    - b\n        - c\n2. d"), nested);
    assert_eq!(html("1. a\n\t- b\n\t\t- c\n2. d"), nested);
    assert_eq!(html("- ```\n  x\n    y\n  ```"), "<ul><li><pre tabindex=\"0\"><code>x\n  y\n</code></pre></li></ul>");
}

#[test]
fn common_starts_of_sentences_start_no_block() {
    for text in ["It was in\n1986. A good year", "a\n-b", "#general", "+1", "1.5 is it", "-", "a\n+", "12345678901. x"]
    {
        assert!(!html(text).contains("<ul><li>") || text == "-", "{text}");
        assert!(!html(text).contains("<ol") && !html(text).contains("<strong>"), "{text}");
    }
    assert_eq!(html("a\n---"), "<p>a</p><hr>");
    assert_eq!(html("    a"), "<p>a</p>");
    assert_eq!(html("\\# a\n\\- b\n1\\. c"), "<p># a<br>- b<br>1. c</p>");
}

#[test]
fn no_text_is_dropped() {
    assert_eq!(html("call handlers[i](event) now"), "<p>call handlers[i](event) now</p>");
    assert_eq!(html("[see](./notes.txt)"), "<p>[see](./notes.txt)</p>");
    assert_eq!(
        html("```SELECT 1 FROM t\nWHERE x\n```"),
        "<pre tabindex=\"0\"><code>SELECT 1 FROM t\nWHERE x\n</code></pre>"
    );
    let turned = html("https://a.example/\u{202e}gpj.exe");
    assert!(turned.contains("href=\"https://a.example/\""), "{turned}");
}

#[test]
fn an_unclosed_fence_contains_the_rest() {
    assert_eq!(html("~~~\n*a*\n```\n"), "<pre tabindex=\"0\"><code>*a*\n```\n</code></pre>");
    assert_eq!(html("```a``` b"), "<p><code>a</code> b</p>");
}

#[test]
fn links_may_contain_emphasis_brackets_titles_and_images() {
    let to = |target: &str, text: &str| format!("<p><a href=\"{target}\" {LINK}>{text}</a></p>");
    assert_eq!(html("[a *b*](https://x.y/(z) \"title\")"), to("https://x.y/(z)", "a <em>b</em>"));
    assert_eq!(html("[https://x.y](https://z.y)"), to("https://z.y", "https://x.y"));
    assert_eq!(html("[![p](https://x.y/p.png)](https://z.y)"), to("https://z.y", "p"));
    assert_eq!(html("<https://x.y/_a_>"), to("https://x.y/_a_", "https://x.y/_a_"));
    assert_eq!(html("<ana@x.example>"), to("mailto:ana@x.example", "ana@x.example"));
    assert_eq!(html("[a](<https://x.y/b c>)"), to("https://x.y/b c", "a"));
    assert_eq!(html("[a] (b) [c]( d"), "<p>[a] (b) [c]( d</p>");
    assert_eq!(
        html("**https://x.y/a_b_c**"),
        to("https://x.y/a_b_c", "https://x.y/a_b_c").replace("<p>", "<p><strong>").replace("</p>", "</strong></p>")
    );
}

/// Inline rules are CommonMark's, as another implementation reads them.
#[test]
fn emphasis_code_and_links_are_those_of_commonmark() {
    let pieces = ["*", "**", "***", "_", "__", "a", "b", " ", ".", "`", "``", "[", "](mailto:x)", "]", "\\", ")", "é"];
    let mut state = 11u64;
    for _ in 0..60_000 {
        let mut text = String::from("x");
        for _ in 0..10 {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            text.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        let text = text.trim();
        let mut reference = String::new();
        pulldown_cmark::html::push_html(&mut reference, pulldown_cmark::Parser::new(text));
        let rendered = html(text).replace(&format!(" {LINK}"), "");
        assert_eq!(rendered, reference.trim_end(), "{text:?}");
    }
}
