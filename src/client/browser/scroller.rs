//! A scrolled pane that stays where its reader wants it while its content grows at either end.
//!
//! The pane is laid out from its bottom (`flex-direction: column-reverse`), so `scrollTop` is 0 at the newest row and
//! negative above it.

use crate::client::ScrollPosition;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, NodeList, ResizeObserver};

/// As close to the bottom as counts for being there, in pixels.
const AT_BOTTOM: f64 = 24.0;
/// As close to an end as makes more wanted, in pixels.
const NEAR: f64 = 600.0;

/// What the pane asks and tells of.
pub struct Reader {
    /// Where the reader is, away from the newest rows. Told when the reader scrolls.
    pub save_scroll_position: Box<dyn Fn(Option<ScrollPosition>)>,
    /// Whether the reader follows the newest rows. Told when the reader scrolls.
    pub set_follows: Box<dyn Fn(bool)>,
    pub follows: Box<dyn Fn() -> bool>,
    /// Whether the last row of the pane is the newest there is.
    pub at_latest: Box<dyn Fn() -> bool>,
    /// The reader is near the oldest row.
    pub near_top: Box<dyn Fn()>,
    /// The reader is near the last row.
    pub near_bottom: Box<dyn Fn()>,
}

struct State {
    outer: HtmlElement,
    reader: Reader,
    /// The uppermost row in sight, and how far below the pane's top it stands.
    anchor: RefCell<Option<(Element, f64)>>,
}

/// A pane that is looked after until this is dropped.
pub struct Scroller {
    state: Rc<State>,
    sizes: Option<ResizeObserver>,
    on_scroll: Closure<dyn Fn()>,
    _on_size: Closure<dyn Fn()>,
}

impl Scroller {
    /// Looks after a scrolled element and its one child, whose children are the rows.
    pub fn new(outer: &Element, content: &Element, reader: Reader) -> Self {
        let state = Rc::new(State { outer: outer.clone().unchecked_into(), reader, anchor: RefCell::new(None) });
        let on_scroll = Closure::<dyn Fn()>::new({
            let state = Rc::clone(&state);
            move || state.scrolled()
        });
        let _ = outer.add_event_listener_with_callback("scroll", on_scroll.as_ref().unchecked_ref());
        let on_size = Closure::<dyn Fn()>::new({
            let state = Rc::clone(&state);
            move || state.settle()
        });
        let sizes = ResizeObserver::new(on_size.as_ref().unchecked_ref()).ok();
        if let Some(sizes) = &sizes {
            sizes.observe(outer);
            sizes.observe(content);
        }
        Scroller { state, sizes, on_scroll, _on_size: on_size }
    }

    /// Brings the pane back to where its reader wants it.
    pub fn settle(&self) {
        self.state.settle();
    }

    /// Brings the pane to where its reader was: see [`Reader::save_scroll_position`].
    pub fn return_to(&self, (at, stood): ScrollPosition) {
        let row = self.state.rows().and_then(|rows| rows.get(u32::try_from(at).ok()?)?.dyn_into::<Element>().ok());
        if let Some(row) = row {
            *self.state.anchor.borrow_mut() = Some((row, f64::from(stood)));
            self.state.settle();
        }
    }
}

impl Drop for Scroller {
    fn drop(&mut self) {
        if let Some(sizes) = &self.sizes {
            sizes.disconnect();
        }
        let listener = self.on_scroll.as_ref().unchecked_ref();
        let _ = self.state.outer.remove_event_listener_with_callback("scroll", listener);
    }
}

impl State {
    fn to_bottom(&self) -> f64 {
        f64::from(self.outer.scroll_top()).abs()
    }

    fn to_top(&self) -> f64 {
        f64::from(self.outer.scroll_height() - self.outer.client_height()) - self.to_bottom()
    }

    fn scrolled(&self) {
        let follows = self.to_bottom() <= AT_BOTTOM && (self.reader.at_latest)();
        (self.reader.set_follows)(follows);
        let spot = if follows { None } else { self.uppermost() };
        (self.reader.save_scroll_position)(spot.as_ref().map(|(at, _, stands)| (*at, stands.round() as i32)));
        *self.anchor.borrow_mut() = spot.map(|(_, row, stands)| (row, stands));
        self.look_ahead();
    }

    fn settle(&self) {
        if (self.reader.follows)() {
            self.outer.set_scroll_top(0);
        } else if let Some((row, stood)) = self.anchor.borrow().as_ref()
            && row.is_connected()
        {
            let moved = self.below_top(row) - stood;
            if moved.abs() >= 1.0 {
                self.outer.set_scroll_top(self.outer.scroll_top() + moved.round() as i32);
            }
        }
        self.look_ahead();
    }

    fn look_ahead(&self) {
        if self.to_top() < NEAR {
            (self.reader.near_top)();
        }
        if self.to_bottom() < NEAR && !(self.reader.at_latest)() {
            (self.reader.near_bottom)();
        }
    }

    fn below_top(&self, row: &Element) -> f64 {
        row.get_bounding_client_rect().top() - self.outer.get_bounding_client_rect().top()
    }

    fn rows(&self) -> Option<NodeList> {
        self.outer.query_selector_all("article").ok()
    }

    /// The first row that reaches below the pane's top, its number, and how far below the top it stands. Rows stand in
    /// order, so it is found by halving.
    fn uppermost(&self) -> Option<(usize, Element, f64)> {
        let rows = self.rows()?;
        let row = |at: u32| rows.get(at).and_then(|node| node.dyn_into::<Element>().ok());
        let top = self.outer.get_bounding_client_rect().top();
        let (mut low, mut high) = (0, rows.length());
        while low < high {
            let middle = low + (high - low) / 2;
            if row(middle)?.get_bounding_client_rect().bottom() <= top { low = middle + 1 } else { high = middle }
        }
        let row = row(low)?;
        let stands = self.below_top(&row);
        Some((usize::try_from(low).ok()?, row, stands))
    }
}
