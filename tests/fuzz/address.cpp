// What the library makes of a sockaddr that the kernel wrote, here of any bytes.
#include "input.hpp"

#include <selectors/address.hpp>
#include <selectors/errors.hpp>

#include <optional>
#include <string>

namespace {

std::optional<selectors::Address> address_of(const std::uint8_t* data, std::size_t size) {
  try {
    return selectors::Address::from_sockaddr(data, size);
  } catch (const selectors::ValueError&) {
    return std::nullopt;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto address = address_of(data, size);
  if (!address) return 0;
  const auto again = selectors::Address::from_sockaddr(address->data(), address->size());
  fuzz::require(again == *address, "an address is the same when it is read again");
  const std::string printed = to_string(*address);
  if (address->family() == selectors::Family::unix_domain) {
    const bool bytes = address->host().starts_with('\0');
    fuzz::require(printed.starts_with(bytes ? "b'" : "'") && printed.ends_with('\''), "a name stands in quotes");
    const bool fits = address->host().size() < 108;  // the kernel may fill the last byte, too
    fuzz::require(!fits || selectors::Address::unix_domain(address->host()) == *address,
                  "its name makes the same address");
    return 0;
  }
  fuzz::require(printed.find("', " + std::to_string(address->port())) != printed.npos, "it prints its port");
  fuzz::require(printed.starts_with("('" + address->host()), "it prints its host");
  return 0;
}
