//! A scrolled pane that keeps its position while its content grows at either end.
//!
//! The pane is laid out from its bottom (`flex-direction: column-reverse`), so `scrollTop` is 0 at the newest row and
//! negative above it.

use crate::client::ScrollPosition;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, NodeList, ResizeObserver};

/// Within this distance of the bottom the reader follows the newest rows (pixels).
const AT_BOTTOM: f64 = 24.0;
/// Within this distance of either end more rows are loaded (pixels).
const NEAR: f64 = 600.0;

/// The callbacks of a pane.
pub struct ScrollHandlers {
    /// Saves the scroll position; `None` at the newest rows. Called when the reader scrolls.
    pub save_scroll_position: Box<dyn Fn(Option<ScrollPosition>)>,
    /// Sets whether the reader follows the newest rows. Called when the reader scrolls.
    pub set_follows: Box<dyn Fn(bool)>,
    pub follows: Box<dyn Fn() -> bool>,
    /// Whether the last row of the pane is the newest message, or the reader has asked for that one.
    pub at_latest: Box<dyn Fn() -> bool>,
    /// The reader is near the oldest row.
    pub near_top: Box<dyn Fn()>,
    /// The reader is near the last row.
    pub near_bottom: Box<dyn Fn()>,
}

struct State {
    outer: HtmlElement,
    handlers: ScrollHandlers,
    /// The uppermost visible row, and its offset below the pane's top.
    anchor: RefCell<Option<(Element, f64)>>,
}

/// Keeps a pane's position until it is dropped.
pub struct Scroller {
    state: Rc<State>,
    sizes: Option<ResizeObserver>,
    on_scroll: Closure<dyn Fn()>,
    _on_size: Closure<dyn Fn()>,
}

impl Scroller {
    /// Attaches to a scrolled element and its one child, whose children are the rows.
    pub fn new(outer: &Element, content: &Element, handlers: ScrollHandlers) -> Self {
        let state = Rc::new(State { outer: outer.clone().unchecked_into(), handlers, anchor: RefCell::new(None) });
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

    /// Restores the position after the content has changed.
    pub fn settle(&self) {
        self.state.settle();
    }

    /// Scrolls to a saved position: see [`ScrollHandlers::save_scroll_position`].
    pub fn return_to(&self, (at, offset): ScrollPosition) {
        let row = self.state.rows().and_then(|rows| rows.get(u32::try_from(at).ok()?)?.dyn_into::<Element>().ok());
        if let Some(row) = row {
            *self.state.anchor.borrow_mut() = Some((row, f64::from(offset)));
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
    fn distance_to_bottom(&self) -> f64 {
        f64::from(self.outer.scroll_top()).abs()
    }

    fn distance_to_top(&self) -> f64 {
        f64::from(self.outer.scroll_height() - self.outer.client_height()) - self.distance_to_bottom()
    }

    fn scrolled(&self) {
        let follows = self.distance_to_bottom() <= AT_BOTTOM && (self.handlers.at_latest)();
        (self.handlers.set_follows)(follows);
        let position = if follows { None } else { self.uppermost() };
        (self.handlers.save_scroll_position)(position.as_ref().map(|(at, _, offset)| (*at, offset.round() as i32)));
        *self.anchor.borrow_mut() = position.map(|(_, row, offset)| (row, offset));
        self.load_more_if_near_end();
    }

    fn settle(&self) {
        if (self.handlers.follows)() {
            self.outer.set_scroll_top(0);
        } else if let Some((row, offset)) = self.anchor.borrow().as_ref()
            && row.is_connected()
        {
            let moved = self.offset_of(row) - offset;
            if moved.abs() >= 1.0 {
                self.outer.set_scroll_top(self.outer.scroll_top() + moved.round() as i32);
            }
        }
        self.load_more_if_near_end();
    }

    fn load_more_if_near_end(&self) {
        if self.distance_to_top() < NEAR {
            (self.handlers.near_top)();
        }
        if self.distance_to_bottom() < NEAR && !(self.handlers.at_latest)() {
            (self.handlers.near_bottom)();
        }
    }

    fn offset_of(&self, row: &Element) -> f64 {
        row.get_bounding_client_rect().top() - self.outer.get_bounding_client_rect().top()
    }

    fn rows(&self) -> Option<NodeList> {
        self.outer.query_selector_all("article").ok()
    }

    /// The first row that reaches below the pane's top: its index, the row, and its offset below the top. Found by
    /// binary search, since rows are in order.
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
        let offset = self.offset_of(&row);
        Some((usize::try_from(low).ok()?, row, offset))
    }
}
