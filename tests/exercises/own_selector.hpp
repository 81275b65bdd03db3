// What the exercise own-selector makes: a facility behind the library's interface.
#pragma once

#include <selectors/facility.hpp>

#include <memory>

/// The student's facility.
std::unique_ptr<selectors::Facility> make_own();
