#include <selectors/address.hpp>
#include <selectors/errors.hpp>

#include "system_call.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <ostream>

namespace selectors {
namespace {

/// The resolver's errors, which have their own numbers and texts.
class ResolverCategory : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "getaddrinfo"; }
  [[nodiscard]] std::string message(int code) const override { return os::resolver_message(code); }
};

const ResolverCategory resolver_category;

constexpr std::size_t path_offset = offsetof(sockaddr_un, sun_path);

bool is_loopback_name(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  constexpr std::string_view name = "localhost";
  const std::size_t size = std::min(host.size(), name.size());
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; };
  return std::equal(host.end() - static_cast<std::ptrdiff_t>(size), host.end(), name.begin(), name.end(), same) &&
         (host.size() == size || host[host.size() - size - 1] == '.');
}

/// Returns the name as Python prints it: as text, or as bytes if it begins with a zero byte.
std::string in_quotes(std::string_view name) {
  std::string text = name.starts_with('\0') ? "b'" : "'";
  for (const char c : name) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\'' || c == '\\')
      text += {'\\', c};
    else if (byte < 0x20 || byte == 0x7f || (byte > 0x7f && name.front() == '\0'))
      text += {'\\', 'x', digits[byte >> 4U], digits[byte & 15U]};
    else
      text += c;
  }
  return text + '\'';
}

template <class Sockaddr>
Sockaddr as(const void* data) {
  Sockaddr sockaddr{};
  std::memcpy(&sockaddr, data, sizeof sockaddr);
  return sockaddr;
}

}  // namespace

Address::Address(std::string_view host, std::uint16_t port) {
  if (host.empty() || is_loopback_name(host)) {
    sockaddr_in known{};
    known.sin_family = AF_INET;
    known.sin_port = htons(port);
    known.sin_addr.s_addr = htonl(host.empty() ? INADDR_ANY : INADDR_LOOPBACK);
    std::memcpy(storage_.data(), &known, sizeof known);
    return;
  }
  addrinfo hints{};
  hints.ai_family = host.find(':') == host.npos ? AF_INET : AF_INET6;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int status = getaddrinfo(std::string(host).c_str(), std::to_string(port).c_str(), &hints, &found);
  if (status != 0) {
    const std::string attempt = "look up host '" + std::string(host) + "'";
    if (status == os::reason_in_errno) throw_errno(attempt);
    throw std::system_error(status, resolver_category, attempt);
  }
  std::memcpy(storage_.data(), found->ai_addr, found->ai_addrlen);
  freeaddrinfo(found);
}

Address Address::unix_domain(std::string_view path) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (path.size() >= sizeof name.sun_path)
    throw ValueError("the path of a Unix-domain socket has " + std::to_string(path.size()) + " bytes, but at most " +
                     std::to_string(sizeof name.sun_path - 1) + " are allowed: " + in_quotes(path));
  if (!path.starts_with('\0') && path.find('\0') != path.npos)
    throw ValueError("the path of a Unix-domain socket contains a zero byte: " + in_quotes(path));
  path.copy(name.sun_path, path.size());
  return from_sockaddr(&name, path_offset + path.size());
}

Address Address::from_sockaddr(const void* sockaddr, std::size_t size) {
  sa_family_t family = AF_UNSPEC;
  if (size >= offsetof(struct sockaddr, sa_data))
    std::memcpy(&family, static_cast<const char*>(sockaddr) + offsetof(struct sockaddr, sa_family), sizeof family);
  Address address;
  if (family == AF_UNIX && size <= sizeof(sockaddr_un)) {
    std::memcpy(address.storage_.data(), sockaddr, path_offset);
    std::string bytes(static_cast<const char*>(sockaddr), size);
    // A path ends at its first zero byte, which the kernel may count. Zero bytes in an abstract name belong to it.
    if (bytes.size() > path_offset && bytes[path_offset] != '\0')
      bytes.resize(std::min(bytes.size(), bytes.find('\0', path_offset)));
    if (bytes.size() > path_offset) address.set_name(std::make_unique<std::string>(std::move(bytes)));
    return address;
  }
  if (!(family == AF_INET && size >= sizeof(sockaddr_in)) && !(family == AF_INET6 && size >= sizeof(sockaddr_in6)))
    throw ValueError("a socket address of family " + std::to_string(family) + " with " + std::to_string(size) +
                     " bytes is not an IPv4, IPv6 or Unix-domain address");
  std::memcpy(address.storage_.data(), sockaddr, family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
  return address;
}

Address::Address(const Address& other) {
  auto copy = other.name() ? std::make_unique<std::string>(*other.name()) : nullptr;
  storage_ = other.storage_;
  if (copy) set_name(std::move(copy));
}

Address::Address(Address&& other) noexcept : storage_(other.storage_) {
  if (other.name()) other.set_name(nullptr);
}

Address& Address::operator=(Address&& other) noexcept {
  std::swap(storage_, other.storage_);
  return *this;
}

Address::~Address() { const std::unique_ptr<std::string> ends(name()); }

std::string* Address::name() const noexcept {
  std::string* bytes = nullptr;
  if (family() == Family::unix_domain) std::memcpy(&bytes, storage_.data() + path_offset, sizeof(void*));
  return bytes;
}

void Address::set_name(std::unique_ptr<std::string> bytes) noexcept {
  const std::string* const placed = bytes.release();
  std::memcpy(storage_.data() + path_offset, &placed, sizeof(void*));
}

bool operator==(const Address& a, const Address& b) {
  if (a.name() && b.name()) return *a.name() == *b.name();
  return a.storage_ == b.storage_;
}

const void* Address::data() const { return name() ? static_cast<const void*>(name()->data()) : storage_.data(); }

Family Address::family() const {
  switch (as<struct sockaddr>(storage_.data()).sa_family) {
    case AF_UNIX:
      return Family::unix_domain;
    case AF_INET6:
      return Family::inet6;
    default:
      return Family::inet;
  }
}

std::string Address::host() const {
  if (family() == Family::unix_domain) return name() ? name()->substr(path_offset) : std::string();
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (family() == Family::inet6) {
    const auto sockaddr = as<sockaddr_in6>(data());
    inet_ntop(AF_INET6, &sockaddr.sin6_addr, text.data(), text.size());
    return text.data();
  }
  // inet_ntop uses printf, which takes longer than everything else in printing an address.
  const std::uint32_t number = ntohl(as<sockaddr_in>(data()).sin_addr.s_addr);
  char* end = text.data();
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    if (end != text.data()) *end++ = '.';
    end = std::to_chars(end, text.end(), (number >> shift) & 0xffU).ptr;
  }
  return {text.data(), end};
}

std::uint16_t Address::port() const {
  if (family() == Family::unix_domain) return 0;
  return ntohs(as<sockaddr_in>(data()).sin_port);  // sockaddr_in6 has it at the same place
}

std::size_t Address::size() const {
  if (family() == Family::unix_domain) return name() ? name()->size() : path_offset;
  return family() == Family::inet6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
}

std::string to_string(const Address& address) {
  if (address.family() == Family::unix_domain) return in_quotes(address.host());
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
