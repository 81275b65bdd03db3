/// @file
/// Includes the whole library: `#include <selectors/selectors.hpp>`.
///
/// There is one class for each kernel facility, and DefaultSelector, which uses the best one available.
#pragma once

#include <selectors/selector.hpp>
#include <selectors/signal_pipe.hpp>
#include <selectors/socket.hpp>
#include <selectors/waker.hpp>

/// The library: Python's `selectors`, and the part of Python's `socket` that a selector needs.
namespace selectors {

/// A selector on the best facility available. default_facility() chooses it, and `SELECTORS_FACILITY` in the
/// environment overrides the choice.
template <class Data = Nothing>
class DefaultSelector : public BaseSelector<Data> {
 public:
  DefaultSelector() : BaseSelector<Data>(default_facility()) {}
};

/// A selector on select(2). `register_` refuses descriptors from 1,024 (`FD_SETSIZE`) on, except on Windows.
template <class Data = Nothing>
class SelectSelector : public BaseSelector<Data> {
 public:
  SelectSelector() : BaseSelector<Data>(make_select()) {}
};

/// A selector on poll(2).
template <class Data = Nothing>
class PollSelector : public BaseSelector<Data> {
 public:
  PollSelector() : BaseSelector<Data>(make_poll()) {}
};

#if defined(__linux__) || defined(SELECTORS_DOXYGEN)
/// A selector on epoll(7), level-triggered. Linux only.
template <class Data = Nothing>
class EpollSelector : public BaseSelector<Data> {
 public:
  EpollSelector() : BaseSelector<Data>(make_epoll()) {}
};
#endif

#if defined(SELECTORS_HAVE_KQUEUE) || defined(SELECTORS_DOXYGEN)
/// A selector on kqueue(2), level-triggered. On the BSDs, on macOS, and on Linux with libkqueue.
template <class Data = Nothing>
class KqueueSelector : public BaseSelector<Data> {
 public:
  KqueueSelector() : BaseSelector<Data>(make_kqueue()) {}
};
#endif

}  // namespace selectors
