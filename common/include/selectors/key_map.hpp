/// @file
/// The view that `get_map` returns.
#pragma once

#include <selectors/errors.hpp>
#include <selectors/key_table.hpp>

#include <cstddef>
#include <iterator>
#include <string>

namespace selectors {

/// All keys of a selector, live and read-only, in the order of their numbers. Valid as long as the selector is open.
template <class Data>
class KeyMap {
 public:
  /// Walks the registered keys. Unregistering during the walk is allowed.
  class iterator {
   public:
    using value_type = SelectorKey<Data>;               ///< A key, by value.
    using difference_type = std::ptrdiff_t;             ///< Required of an iterator.
    using iterator_category = std::input_iterator_tag;  ///< Single pass.

    /// Stands at the first registered number from `fd` on.
    iterator(const KeyTable<Data>& table, int fd) : table_(&table), fd_(fd) { skip(); }

    /// The key here.
    [[nodiscard]] SelectorKey<Data> operator*() const { return table_->at(fd_)->key(); }

    /// On to the next registered number.
    iterator& operator++() {
      ++fd_;
      skip();
      return *this;
    }

    /// True when all have been seen.
    [[nodiscard]] bool operator==(std::default_sentinel_t) const { return fd_ >= table_->bound(); }

   private:
    void skip() {
      while (fd_ < table_->bound() && table_->at(fd_) == nullptr) ++fd_;
    }

    const KeyTable<Data>* table_;
    int fd_;
  };

  /// A view of this table.
  explicit KeyMap(const KeyTable<Data>& table) : table_(&table) {}

  /// How many descriptors are registered.
  [[nodiscard]] std::size_t size() const { return table_->size(); }

  /// True if none is.
  [[nodiscard]] bool empty() const { return size() == 0; }

  /// True if this one is.
  [[nodiscard]] bool contains(const FileObject& fileobj) const { return table_->at(fileobj.fileno()) != nullptr; }

  /// The key of this one.
  /// @throws KeyError if it is not registered.
  [[nodiscard]] SelectorKey<Data> operator[](const FileObject& fileobj) const {
    auto* const entry = table_->at(fileobj.fileno());
    if (entry == nullptr) throw KeyError("get_map: fd " + std::to_string(fileobj.fileno()) + " is not registered");
    return entry->key();
  }

  /// The key with the lowest number.
  [[nodiscard]] iterator begin() const { return iterator(*table_, 0); }

  /// The end of all walks.
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

 private:
  const KeyTable<Data>* table_;
};

}  // namespace selectors
