// A batch is safe: whatever happens while it is walked, each event comes once, and to whom it belongs.
//
// A million random steps on each facility, each held against the model in random_model.hpp. SELECTORS_SEED repeats a
// run, SELECTORS_STEPS makes it longer or shorter.
#include "../open_descriptors.hpp"
#include "random_driver.hpp"

#include <cstdlib>
#include <iostream>
#include <random>

namespace {

std::uint64_t from_environment(const char* variable, std::uint64_t otherwise) {
  const char* const value = std::getenv(variable);
  return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

}  // namespace

TEMPLATE_TEST_CASE("a batch is safe whatever its callbacks do", "", FACILITIES) {
  using Selector = typename TestType::template Selector<random_test::Token>;
  const auto seed = from_environment("SELECTORS_SEED", std::random_device()());
  const auto steps = from_environment("SELECTORS_STEPS", 1'000'000);
  const std::string facility = Selector().name();
  std::cerr << facility << ": SELECTORS_SEED=" << seed << '\n';  // now: a crash or a hang would not tell it
  const auto open_before = open_descriptors(1024);
  std::string deviation;
  random_test::Script script(seed);
  try {
    random_test::Driver<Selector> driver(script);
    while (script.count() < steps) driver.round();
  } catch (const std::exception& error) {
    deviation = std::string(error.what()) + "\non " + facility + " in step " + std::to_string(script.count()) +
                ", which SELECTORS_SEED=" + std::to_string(seed) + " repeats\n" + script.last_steps();
  }
  if (!deviation.empty()) FAIL(deviation);
  CHECK(random_test::Token::living == 0);
  if (!is_libkqueue(facility)) CHECK(open_descriptors(1024) == open_before);
}
