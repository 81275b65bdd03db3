/// @file
/// The view that `get_map` returns.
#pragma once

#include <selectors/detail/key_table.hpp>
#include <selectors/detail/refusals.hpp>

#include <cstddef>
#include <iterator>

namespace selectors {

/// All keys of a selector, live and read-only, in the order of their numbers. Valid as long as the selector exists;
/// empty once it is closed.
template <class Data>
class KeyMap {
 public:
  /// Walks the registered keys. Unregistering during the walk is allowed, of the key at hand too: its `fileobj` and
  /// `data` must not be used afterwards, unless a Batch exists.
  class iterator {
   public:
    using value_type = SelectorKey<Data>;               ///< A key, by value.
    using difference_type = std::ptrdiff_t;             ///< Required of an iterator.
    using iterator_category = std::input_iterator_tag;  ///< Single pass.

    /// @cond
    /// Stands at the first registered number from `fd` on.
    iterator(const detail::KeyTable<Data>& table, int fd) : table_(&table), fd_(table.next(fd)) {}
    /// @endcond

    /// The key here.
    [[nodiscard]] SelectorKey<Data> operator*() const { return table_->at(fd_)->key(fd_); }

    /// On to the next registered number.
    iterator& operator++() {
      fd_ = table_->next(fd_ + static_cast<int>(detail::number_step));
      return *this;
    }

    /// True when all have been seen.
    [[nodiscard]] bool operator==(std::default_sentinel_t) const { return fd_ >= table_->bound(); }

   private:
    const detail::KeyTable<Data>* table_;
    int fd_;
  };

  /// @cond
  /// A view of this table.
  explicit KeyMap(const detail::KeyTable<Data>& table) : table_(&table) {}
  /// @endcond

  /// How many descriptors are registered.
  [[nodiscard]] std::size_t size() const { return table_->size(); }

  /// True if none is.
  [[nodiscard]] bool empty() const { return size() == 0; }

  /// True if this one is.
  [[nodiscard]] bool contains(const FileObject& fileobj) const { return table_->find(fileobj) >= 0; }

  /// The key of this one.
  /// @throws KeyError if it is not registered.
  [[nodiscard]] SelectorKey<Data> operator[](const FileObject& fileobj) const {
    const int fd = table_->find(fileobj);
    if (fd < 0) detail::throw_not_registered("get_map", fileobj.fileno());
    return table_->at(fd)->key(fd);
  }

  /// The key with the lowest number.
  [[nodiscard]] iterator begin() const { return iterator(*table_, 0); }

  /// The end of all walks.
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

 private:
  const detail::KeyTable<Data>* table_;
};

}  // namespace selectors
