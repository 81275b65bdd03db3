#include "report/statistics.hpp"

#include "support/catch.hpp"

#include <stdexcept>

using namespace bench;

TEST_CASE("the median is the middle one, or lies between the two in the middle") {
  CHECK(median({3, 1, 2}) == 2);
  CHECK(median({4, 1, 3, 2}) == 2.5);
  CHECK(median({7}) == 7);
  CHECK_THROWS_AS(median({}), std::invalid_argument);
}

TEST_CASE("a percentile is one of the values") {
  std::vector<double> hundred;
  for (int i = 100; i >= 1; --i) hundred.push_back(i);
  CHECK(percentile(hundred, 0.99) == 99);
  CHECK(percentile(hundred, 0.5) == 50);
  CHECK(percentile(hundred, 1) == 100);
  CHECK(percentile(hundred, 0) == 1);
  CHECK(percentile({5}, 0.99) == 5);
  CHECK_THROWS_AS(percentile({}, 0.5), std::invalid_argument);
}

TEST_CASE("a figure has the digits that it deserves") {
  CHECK(readable(0) == "0.00");
  CHECK(readable(2.017) == "2.02");
  CHECK(readable(9.994) == "9.99");
  CHECK(readable(9.996) == "10.0");
  CHECK(readable(99.96) == "100");
  CHECK(readable(999) == "999");
  CHECK(readable(999.6) == "1,000");
  CHECK(readable(1234567) == "1,234,567");
  CHECK(readable(-123456) == "-123,456");
}
