/// @file
/// The view of all keys that `get_map` returns.
#pragma once

#include <selectors/detail/key_table.hpp>
#include <selectors/detail/refusals.hpp>

#include <cstddef>
#include <iterator>

namespace selectors {

/// A live, read-only view of all keys of a selector, in the order of their numbers. It is valid as long as the selector
/// exists, and empty once the selector is closed.
template <class Data>
class KeyMap {
 public:
  /// Walks the registered keys. During the walk you may unregister keys, including the one at hand; its `fileobj` and
  /// `data` must not be used afterwards, unless a Batch exists.
  class iterator {
   public:
    using value_type = SelectorKey<Data>;               ///< A key, by value.
    using difference_type = std::ptrdiff_t;             ///< Required of an iterator.
    using iterator_category = std::input_iterator_tag;  ///< Single pass.

    /// @cond
    /// Starts at the first registered number from `fd` on.
    iterator(const detail::KeyTable<Data>& table, int fd) : table_(&table), fd_(table.next(fd)) {}
    /// @endcond

    /// Returns the key here.
    [[nodiscard]] SelectorKey<Data> operator*() const { return table_->at(fd_)->key(fd_); }

    /// Moves to the next registered number.
    iterator& operator++() {
      fd_ = table_->next(fd_ + static_cast<int>(detail::number_step));
      return *this;
    }

    /// Returns true at the end.
    [[nodiscard]] bool operator==(std::default_sentinel_t) const { return fd_ >= table_->bound(); }

   private:
    const detail::KeyTable<Data>* table_;
    int fd_;
  };

  /// @cond
  /// Makes a view of this table.
  explicit KeyMap(const detail::KeyTable<Data>& table) : table_(&table) {}
  /// @endcond

  /// Returns how many descriptors are registered.
  [[nodiscard]] std::size_t size() const { return table_->size(); }

  /// Returns true if no descriptor is registered.
  [[nodiscard]] bool empty() const { return size() == 0; }

  /// Returns true if this descriptor is registered.
  [[nodiscard]] bool contains(const FileObject& fileobj) const { return table_->find(fileobj) >= 0; }

  /// Returns the key of this descriptor.
  /// @throws KeyError if it is not registered.
  [[nodiscard]] SelectorKey<Data> operator[](const FileObject& fileobj) const {
    const int fd = table_->find(fileobj);
    if (fd < 0) detail::throw_not_registered("get_map", fileobj.fileno());
    return table_->at(fd)->key(fd);
  }

  /// Starts a walk at the lowest number.
  [[nodiscard]] iterator begin() const { return iterator(*table_, 0); }

  /// Returns the end of the walk.
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

 private:
  const detail::KeyTable<Data>* table_;
};

}  // namespace selectors
