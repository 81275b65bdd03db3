#include <selectors/address.hpp>
#include <selectors/errors.hpp>

#include "system_call.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <charconv>
#include <cstring>
#include <ostream>

namespace selectors {
namespace {

/// The resolver's errors have numbers and texts of their own.
class ResolverCategory : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "getaddrinfo"; }
  [[nodiscard]] std::string message(int code) const override { return gai_strerror(code); }
};

const ResolverCategory resolver_category;

template <class Sockaddr>
Sockaddr as(const void* data) {
  Sockaddr sockaddr{};
  std::memcpy(&sockaddr, data, sizeof sockaddr);
  return sockaddr;
}

}  // namespace

Address::Address(std::string_view host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = host.find(':') == host.npos ? AF_INET : AF_INET6;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int status = getaddrinfo(std::string(host).c_str(), std::to_string(port).c_str(), &hints, &found);
  if (status != 0) {
    const std::string attempt = "look up host '" + std::string(host) + "'";
    if (status == EAI_SYSTEM) throw_errno(attempt);
    throw std::system_error(status, resolver_category, attempt);
  }
  std::memcpy(storage_.data(), found->ai_addr, found->ai_addrlen);
  freeaddrinfo(found);
}

Address Address::from_sockaddr(const void* sockaddr, std::size_t size) {
  sa_family_t family = AF_UNSPEC;
  if (size >= sizeof(sockaddr_in)) family = as<struct sockaddr>(sockaddr).sa_family;
  if (family != AF_INET && (family != AF_INET6 || size < sizeof(sockaddr_in6)))
    throw ValueError("address family " + std::to_string(family) + " is neither IPv4 nor IPv6");
  Address address;
  std::memcpy(address.storage_.data(), sockaddr, family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
  return address;
}

Family Address::family() const { return as<sockaddr_in>(data()).sin_family == AF_INET6 ? Family::inet6 : Family::inet; }

std::string Address::host() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (family() == Family::inet6) {
    const auto sockaddr = as<sockaddr_in6>(data());
    inet_ntop(AF_INET6, &sockaddr.sin6_addr, text.data(), text.size());
    return text.data();
  }
  // inet_ntop goes by way of printf, which takes longer than all else that is printed with an address.
  const std::uint32_t number = ntohl(as<sockaddr_in>(data()).sin_addr.s_addr);
  char* end = text.data();
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    if (end != text.data()) *end++ = '.';
    end = std::to_chars(end, text.end(), (number >> shift) & 0xffU).ptr;
  }
  return {text.data(), end};
}

std::uint16_t Address::port() const {
  return ntohs(as<sockaddr_in>(data()).sin_port);  // at the same place in both families
}

std::size_t Address::size() const { return family() == Family::inet6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in); }

std::string to_string(const Address& address) {
  std::string text = "('";
  text.append(address.host()).append("', ").append(std::to_string(address.port()));
  if (address.family() == Family::inet6) {
    const auto sockaddr = as<sockaddr_in6>(address.data());
    text += ", " + std::to_string(ntohl(sockaddr.sin6_flowinfo)) + ", " + std::to_string(sockaddr.sin6_scope_id);
  }
  return text + ")";
}

std::ostream& operator<<(std::ostream& stream, const Address& address) { return stream << to_string(address); }

}  // namespace selectors
