// The verdict as a chat message. Pure.
#pragma once

#include <string>

namespace surgeproof::reports {

struct Report;

/// JSON for an incoming webhook of Slack, and of what accepts the same (Mattermost, Rocket.Chat, Discord's /slack):
/// the verdict, at most three lines of what broke, and where the report is. `link` may be empty or a path. Far below
/// Slack's limits: 3,000 characters a block.
std::string chat_message(const Report& report, const std::string& link);

}  // namespace surgeproof::reports
