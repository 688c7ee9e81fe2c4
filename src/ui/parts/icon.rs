//! The icons: one family, one stroke, drawn on 20 × 20.

use leptos::prelude::*;

/// Which icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IconOf {
    Back,
    Bang,
    Check,
    Chevron,
    Clock,
    Cross,
    Down,
    Exit,
    Gear,
    Hash,
    Lock,
    Key,
    Letter,
    List,
    Mark,
    More,
    Pencil,
    People,
    Plus,
    Copy,
    Heartbeat,
    Screen,
    Server,
    Search,
    Send,
    Up,
}

impl IconOf {
    /// Its lines, and the dots that want a thicker stroke.
    fn paths(self) -> (&'static str, Option<&'static str>) {
        match self {
            IconOf::Back => ("M12 4.5 6.5 10l5.5 5.5", None),
            IconOf::Bang => ("M10 2.8a7.2 7.2 0 1 0 0 14.4a7.2 7.2 0 1 0 0-14.4M10 6.2v4.6M10 13.6v.1", None),
            IconOf::Check => ("m4.5 10.5 3.6 3.6 7.4-8", None),
            IconOf::Chevron => ("m5.5 7.8 4.5 4.5 4.5-4.5", None),
            IconOf::Clock => ("M10 2.8a7.2 7.2 0 1 0 0 14.4a7.2 7.2 0 1 0 0-14.4M10 6v4.2l2.6 1.6", None),
            IconOf::Cross => ("m5.5 5.5 9 9M14.5 5.5l-9 9", None),
            IconOf::Down => ("M10 4v11.5M5.2 10.8 10 15.6l4.8-4.8", None),
            IconOf::Exit => {
                ("M8 4H5.5a1.5 1.5 0 0 0-1.5 1.5v9A1.5 1.5 0 0 0 5.5 16H8M12.5 6.5 16 10l-3.5 3.5M15.5 10H8.5", None)
            }
            IconOf::Gear => (
                "M10 7.4a2.6 2.6 0 1 0 0 5.2a2.6 2.6 0 1 0 0-5.2M10 2.8v2M10 15.2v2M2.8 10h2M15.2 10h2M4.9 4.9l1.4 1.4\
                 M13.7 13.7l1.4 1.4M4.9 15.1l1.4-1.4M13.7 6.3l1.4-1.4",
                None,
            ),
            IconOf::Hash => ("M8 4 6.5 16M13.5 4 12 16M4.5 8H16M4 12h11.5", None),
            IconOf::Key => ("M7 9.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7M9.5 10.5 16 4M13 7l2.5 2.5", None),
            IconOf::Letter => ("M3.5 5h13v10h-13zM3.5 5.5 10 11l6.5-5.5", None),
            IconOf::List => ("M4 5.5h12M4 10h12M4 14.5h7", None),
            IconOf::Mark => (
                "M4 9.5c0-3.3 2.7-5.5 6-5.5s6 2.2 6 5.5-2.7 5.5-6 5.5c-.9 0-1.7-.1-2.5-.4L4 16l1-3c-.6-1-1-2.2-1-3.5z",
                Some("M7.5 9.6h.01M10 9.6h.01M12.5 9.6h.01"),
            ),
            IconOf::More => ("", Some("M5 10h.01M10 10h.01M15 10h.01")),
            IconOf::Pencil => {
                ("M4 16v-3.2l8.7-8.7a1.5 1.5 0 0 1 2.1 0l1.1 1.1a1.5 1.5 0 0 1 0 2.1L7.2 16zM11 5.8l3.2 3.2", None)
            }
            IconOf::Lock => ("M5 9.5h10V16H5zM7 9.5V7a3 3 0 0 1 6 0v2.5", None),
            IconOf::Plus => ("M10 4.5v11M4.5 10h11", None),
            IconOf::People => (
                "M7.5 4a3 3 0 1 0 0 6a3 3 0 1 0 0-6M2.5 16c.6-2.9 2.6-4.3 5-4.3s4.4 1.4 5 4.3M13 4.3a3 3 0 0 1 0 5.4\
                 M14.6 12c1.7.6 2.6 1.9 3 4",
                None,
            ),
            IconOf::Heartbeat => ("M2.5 10.5h3.2l2.2-6 4 11 2.3-5h3.3", None),
            IconOf::Copy => ("M7.5 7.5h8v8h-8zM5 12.5H4.5v-8h8V5", None),
            IconOf::Server => (
                "M5 4h10a1.5 1.5 0 0 1 1.5 1.5v2A1.5 1.5 0 0 1 15 9H5a1.5 1.5 0 0 1-1.5-1.5v-2A1.5 1.5 0 0 1 5 4M5 11h10a1.5 1.5 0 0 1 1.5 1.5v2A1.5 1.5 0 0 1 15 16H5a1.5 1.5 0 0 1-1.5-1.5v-2A1.5 1.5 0 0 1 5 11",
                Some("M6.5 6.5h.01M6.5 13.5h.01"),
            ),
            IconOf::Screen => ("M4 4.5h12v8.5H4zM7 16h6M10 13v3", None),
            IconOf::Search => ("M9 3.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M13.2 13.2l4 4", None),
            IconOf::Send | IconOf::Up => ("M10 16V4.5M5.2 9.2 10 4.4l4.8 4.8", None),
        }
    }
}

/// An icon. It is decoration: what it stands for is said beside it.
#[component]
pub fn Icon(of: IconOf) -> impl IntoView {
    let (lines, dots) = of.paths();
    view! {
        <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d=lines></path>
            {dots.map(|dots| view! { <path class="dots" d=dots></path> })}
        </svg>
    }
}
