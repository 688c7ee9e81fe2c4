//! Values by key, each with a signal of its own.

use super::timeline::set_if_changed_arc;
use crate::model::SortedMap;
use leptos::prelude::*;

/// Values by key. A change of one notifies only those who read that one; a key that comes or goes notifies all.
#[derive(Debug)]
pub struct SignalMap<K: Send + Sync + 'static, V: Send + Sync + 'static> {
    entries: RwSignal<SortedMap<K, ArcRwSignal<V>>>,
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> Clone for SignalMap<K, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> Copy for SignalMap<K, V> {}

impl<K, V> SignalMap<K, V>
where
    K: Ord + Copy + Send + Sync + 'static,
    V: Clone + PartialEq + Send + Sync + 'static,
{
    pub fn new() -> Self {
        SignalMap { entries: RwSignal::new(SortedMap::new()) }
    }

    /// The value of a key; whoever asks is notified when it changes, comes or goes.
    pub fn get(self, key: K) -> Option<V> {
        let signal = self.entries.try_with(|entries| entries.get(&key).cloned()).flatten()?;
        signal.try_get()
    }

    pub fn get_untracked(self, key: K) -> Option<V> {
        let signal = self.entries.try_with_untracked(|entries| entries.get(&key).cloned()).flatten()?;
        signal.try_get_untracked()
    }

    /// Whether there is a value; whoever asks is notified when any key comes or goes.
    pub fn contains(self, key: K) -> bool {
        self.entries.try_with(|entries| entries.contains_key(&key)).unwrap_or(false)
    }

    /// All values; whoever asks is notified of every change.
    pub fn get_all(self) -> SortedMap<K, V> {
        let entries = self.entries.try_get().unwrap_or_default();
        entries.into_iter().filter_map(|(key, signal)| Some((key, signal.try_get()?))).collect()
    }

    /// Sets the value of one key.
    pub fn set(self, key: K, value: V) {
        match self.entries.try_with_untracked(|entries| entries.get(&key).cloned()).flatten() {
            Some(signal) => set_if_changed_arc(&signal, value),
            None => {
                self.entries.try_update(|entries| entries.insert(key, ArcRwSignal::new(value)));
            }
        }
    }

    /// Sets all values: keys that are not among them go.
    pub fn set_all(self, values: SortedMap<K, V>) {
        let held = self.entries.try_get_untracked().unwrap_or_default();
        if held.keys().eq(values.keys()) {
            return values.into_iter().for_each(|(key, value)| self.set(key, value));
        }
        let entries = values.into_iter().map(|(key, value)| match held.get(&key) {
            Some(signal) => {
                set_if_changed_arc(signal, value);
                (key, signal.clone())
            }
            None => (key, ArcRwSignal::new(value)),
        });
        self.entries.try_set(entries.collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_one_value_notifies_only_those_who_read_that_one() {
        let owner = Owner::new();
        owner.with(|| {
            let map = SignalMap::new();
            map.set_all(SortedMap::from_iter([(1, "one"), (2, "two")]));
            let runs = |key: i32| {
                ArcMemo::new(move |runs: Option<&(u32, Option<&'static str>)>| {
                    (runs.map_or(1, |(runs, _)| runs + 1), map.get(key))
                })
            };
            let (one, two) = (runs(1), runs(2));
            assert_eq!((one.get_untracked(), two.get_untracked()), ((1, Some("one")), (1, Some("two"))));
            map.set(1, "uno");
            map.set_all(SortedMap::from_iter([(1, "uno"), (2, "two")]));
            assert_eq!((one.get_untracked(), two.get_untracked()), ((2, Some("uno")), (1, Some("two"))));
            map.set_all(SortedMap::from_iter([(2, "two")]));
            assert_eq!((one.get_untracked().1, two.get_untracked().1), (None, Some("two")));
        });
    }
}
