// All forms, although the standard's own mostly call each other: a sanitizer's do not.
#include "allocations.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> counted = 0;

void* counted_or_null(std::size_t size) noexcept {
  ++counted;
  return std::malloc(std::max<std::size_t>(size, 1));
}

void* counted_or_null(std::size_t size, std::align_val_t alignment) noexcept {
  ++counted;
  void* memory = nullptr;
  const auto least = std::max(static_cast<std::size_t>(alignment), sizeof(void*));
  return posix_memalign(&memory, least, std::max<std::size_t>(size, 1)) == 0 ? memory : nullptr;
}

void* or_throw(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

std::size_t allocations_so_far() noexcept { return counted; }

using Alignment = std::align_val_t;
using NoThrow = const std::nothrow_t&;

void* operator new(std::size_t size) { return or_throw(counted_or_null(size)); }
void* operator new[](std::size_t size) { return or_throw(counted_or_null(size)); }
void* operator new(std::size_t size, Alignment alignment) { return or_throw(counted_or_null(size, alignment)); }
void* operator new[](std::size_t size, Alignment alignment) { return or_throw(counted_or_null(size, alignment)); }
void* operator new(std::size_t size, NoThrow) noexcept { return counted_or_null(size); }
void* operator new[](std::size_t size, NoThrow) noexcept { return counted_or_null(size); }
void* operator new(std::size_t size, Alignment alignment, NoThrow) noexcept { return counted_or_null(size, alignment); }
void* operator new[](std::size_t size, Alignment alignment, NoThrow) noexcept {
  return counted_or_null(size, alignment);
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, Alignment) noexcept { std::free(memory); }
void operator delete[](void* memory, Alignment) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, Alignment) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, Alignment) noexcept { std::free(memory); }
void operator delete(void* memory, NoThrow) noexcept { std::free(memory); }
void operator delete[](void* memory, NoThrow) noexcept { std::free(memory); }
void operator delete(void* memory, Alignment, NoThrow) noexcept { std::free(memory); }
void operator delete[](void* memory, Alignment, NoThrow) noexcept { std::free(memory); }
