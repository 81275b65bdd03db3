// A program of somebody who uses the library: built against it in each of the ways in which it can be had.
#include <selectors/selectors.hpp>

#include <exception>
#include <iostream>

int main() try {
  using namespace selectors;
  auto [here, there] = socketpair();
  DefaultSelector<const char*> selector;
  selector.register_(std::move(here), EVENT_READ, "a socket");
  there.send("hello");
  for (const auto& [key, mask] : selector.select())
    std::cout << key.data << " in " << selector.name() << " received " << *key.fileobj.recv(100) << '\n';
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
