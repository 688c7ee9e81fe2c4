//! Maps and sets in the order of their keys, for what a client holds: some hundred entries, or a thousand.
//!
//! A sorted vector takes a fraction of the code of the standard library's trees, which is compiled, and downloaded by every
//! browser, once more for each type. An entry may be inserted anywhere, but all those above it are moved.

use std::cmp::Ordering;
use std::ops::Range;
use std::vec;

/// A map in the order of its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortedMap<K, V> {
    entries: Vec<(K, V)>,
}

impl<K: Ord, V> SortedMap<K, V> {
    pub fn new() -> Self {
        Self::default()
    }

    /// Where the key is, or where it belongs.
    fn find(&self, key: &K) -> Result<usize, usize> {
        self.entries.binary_search_by(|(held, _)| held.cmp(key))
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub fn contains_key(&self, key: &K) -> bool {
        self.find(key).is_ok()
    }

    pub fn get(&self, key: &K) -> Option<&V> {
        self.find(key).ok().map(|at| &self.entries[at].1)
    }

    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.find(key).ok().map(|at| &mut self.entries[at].1)
    }

    /// The value of a key, which is inserted if it is not there.
    pub fn get_or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        let at = match self.find(&key) {
            Ok(at) => at,
            Err(at) => {
                self.entries.insert(at, (key, V::default()));
                at
            }
        };
        &mut self.entries[at].1
    }

    /// Returns the value that the key had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(&key) {
            Ok(at) => Some(std::mem::replace(&mut self.entries[at].1, value)),
            Err(at) => {
                self.entries.insert(at, (key, value));
                None
            }
        }
    }

    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.find(key).ok().map(|at| self.entries.remove(at).1)
    }

    pub fn pop_first(&mut self) -> Option<(K, V)> {
        (!self.is_empty()).then(|| self.entries.remove(0))
    }

    /// Keeps only the entries at these places.
    pub fn keep_range(&mut self, range: Range<usize>) {
        self.entries.truncate(range.end);
        self.entries.drain(..range.start.min(self.entries.len()));
    }

    /// How many keys are below this one.
    pub fn count_below(&self, key: &K) -> usize {
        self.entries.partition_point(|(held, _)| held < key)
    }

    /// The entries at these places, as far as there are any.
    pub fn range(&self, range: Range<usize>) -> impl DoubleEndedIterator<Item = (&K, &V)> + Clone {
        let end = range.end.min(self.entries.len());
        self.entries[range.start.min(end)..end].iter().map(|(key, value)| (key, value))
    }

    pub fn clear(&mut self) {
        self.entries.clear();
    }

    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        self.entries.retain_mut(|(key, value)| keep(key, value));
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + Clone {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&K, &mut V)> {
        self.entries.iter_mut().map(|(key, value)| (&*key, value))
    }

    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + Clone {
        self.entries.iter().map(|(key, _)| key)
    }

    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + Clone {
        self.entries.iter().map(|(_, value)| value)
    }

    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut V> {
        self.entries.iter_mut().map(|(_, value)| value)
    }

    pub fn into_values(self) -> impl DoubleEndedIterator<Item = V> {
        self.entries.into_iter().map(|(_, value)| value)
    }
}

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        SortedMap { entries: Vec::new() }
    }
}

/// Of entries with the same key, the last is kept.
impl<K: Ord, V> FromIterator<(K, V)> for SortedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut held: Vec<(K, V)> = Vec::new();
        for entry in sorted(entries.into_iter().collect(), |one, other| one.0.cmp(&other.0)) {
            match held.last_mut() {
                Some(last) if last.0 == entry.0 => *last = entry,
                _ => held.push(entry),
            }
        }
        SortedMap { entries: held }
    }
}

/// A list in order; equals stay as they were. The list's own method would compile all of the sorting once more for each
/// type.
pub fn sorted<T>(list: Vec<T>, compare: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let order = order(list.len(), &|a, b| compare(&list[a], &list[b]));
    let mut unsorted: Vec<_> = list.into_iter().map(Some).collect();
    order.into_iter().filter_map(|at| unsorted[at].take()).collect()
}

/// The places of a list in the order of what is there. Without type parameters.
fn order(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    order.sort_by(|a, b| compare(*a, *b));
    order
}

impl<K, V> IntoIterator for SortedMap<K, V> {
    type Item = (K, V);
    type IntoIter = vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<K: Ord, V> Extend<(K, V)> for SortedMap<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

/// A set in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortedSet<T> {
    map: SortedMap<T, ()>,
}

impl<T: Ord> SortedSet<T> {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn len(&self) -> usize {
        self.map.len()
    }

    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    pub fn contains(&self, item: &T) -> bool {
        self.map.contains_key(item)
    }

    /// Whether it was not in it before.
    pub fn insert(&mut self, item: T) -> bool {
        self.map.insert(item, ()).is_none()
    }

    /// Whether it was in it.
    pub fn remove(&mut self, item: &T) -> bool {
        self.map.remove(item).is_some()
    }

    pub fn pop_first(&mut self) -> Option<T> {
        self.map.pop_first().map(|(item, ())| item)
    }

    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.map.retain(|item, ()| keep(item));
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + Clone {
        self.map.keys()
    }
}

impl<T> Default for SortedSet<T> {
    fn default() -> Self {
        SortedSet { map: SortedMap::default() }
    }
}

impl<T> IntoIterator for SortedSet<T> {
    type Item = T;
    type IntoIter = std::iter::Map<vec::IntoIter<(T, ())>, fn((T, ())) -> T>;

    fn into_iter(self) -> Self::IntoIter {
        self.map.entries.into_iter().map(|(item, ())| item)
    }
}

impl<T: Ord> FromIterator<T> for SortedSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        SortedSet { map: items.into_iter().map(|item| (item, ())).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Numbers without order, with repetitions.
    fn numbers() -> impl Iterator<Item = (u32, usize)> + Clone {
        (0_u32..200).map(|n| (n.wrapping_mul(2_654_435_761) >> 25, n as usize))
    }

    fn pairs<K: Copy, V: Copy>(entries: impl Iterator<Item = (K, V)>) -> Vec<(K, V)> {
        entries.collect()
    }

    #[test]
    fn a_map_holds_what_a_tree_holds() {
        let copied = |(key, value): (&u32, &usize)| (*key, *value);
        let mut tree: BTreeMap<_, _> = numbers().collect();
        let mut map: SortedMap<_, _> = numbers().collect();
        let mut extended = SortedMap::new();
        extended.extend(numbers());
        assert_eq!(map, extended);
        assert_eq!(pairs(map.iter().map(copied)), pairs(tree.iter().map(copied)));
        for key in (0..130).step_by(3) {
            assert_eq!(map.get(&key), tree.get(&key));
            assert_eq!(map.remove(&key), tree.remove(&key));
            assert_eq!(map.insert(key + 1, 7), tree.insert(key + 1, 7));
            *map.get_or_default(key + 2) += 1;
            *tree.entry(key + 2).or_default() += 1;
        }
        map.retain(|key, _| key % 5 != 0);
        tree.retain(|key, _| key % 5 != 0);
        assert_eq!(map.pop_first(), tree.pop_first());
        assert_eq!(pairs(map.iter().map(copied)), pairs(tree.iter().map(copied)));
        let (below, from) = (map.count_below(&60), tree.range(60..).map(copied).collect::<Vec<_>>());
        assert_eq!(pairs(map.range(below..usize::MAX).map(copied)), from);
        map.keep_range(below..below + 3);
        assert_eq!(pairs(map.iter().map(copied)), from[..3]);
    }

    #[test]
    fn a_list_is_sorted_as_by_its_own_method() {
        let mut list: Vec<_> = numbers().collect();
        let by_key = |one: &(u32, usize), other: &(u32, usize)| one.0.cmp(&other.0);
        let sorted = sorted(list.clone(), by_key);
        list.sort_by(by_key);
        assert_eq!(sorted, list);
    }

    #[test]
    fn a_set_is_in_order_and_holds_each_item_once() {
        let mut set: SortedSet<_> = [3, 1, 2, 3].into_iter().collect();
        assert!(!set.insert(1) && set.insert(0) && set.remove(&2) && !set.remove(&2));
        assert_eq!(set.iter().copied().collect::<Vec<_>>(), [0, 1, 3]);
    }
}
