// What can go wrong in each call of the system that the library makes.
#pragma once

#include <map>
#include <string>
#include <vector>

/// By the name of the call: every errno that it can leave. getaddrinfo has its own, negative ones.
const std::map<std::string, std::vector<int>>& possible_errors();
