#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

#include <stdexcept>
#include <string>
#include <vector>

using namespace selectors;
using namespace std::chrono_literals;
using lesson::print;
using lesson::repr;

namespace {

void echo_client(const lesson::Arguments& arguments) {
  // In reverse order, because they are taken from the end
  std::vector<std::string> outgoing = {"It will be repeated.", "This is the message. "};
  std::size_t bytes_sent = 0;
  std::size_t bytes_received = 0;

  // Connecting is a blocking operation, so setblocking() comes after it returns
  print("connecting to ", arguments.host, " port ", arguments.port);
  const Address server(arguments.host, arguments.port);
  Socket sock(server.family());
  sock.connect(server);
  sock.setblocking(false);

  // Watch for when there is data to read as well as for when there is room to send
  DefaultSelector selector;
  selector.register_(std::move(sock), EVENT_READ | EVENT_WRITE);

  bool keep_running = true;
  while (keep_running) {
    print("waiting for I/O");
    for (const auto& [key, mask] : selector.select(1s)) {
      Socket& connection = key.fileobj;
      print("client(", server, ")");

      if (mask & EVENT_READ) {
        print("  ready to read");
        const auto data = connection.recv(1024);
        if (data && data->empty()) {
          keep_running = false;  // the server has finished sending; see below whether that was too early
        } else if (data) {
          print("  received ", repr(*data));
          bytes_received += data->size();
        }
      }

      if (keep_running && (mask & EVENT_WRITE)) {
        print("  ready to write");
        //! [stop_asking]
        if (outgoing.empty()) {
          // A socket with nothing to send is ready to write all the time: stop asking
          print("  switching to read-only");
          selector.modify(connection, EVENT_READ);
        } else {
          print("  sending ", repr(outgoing.back()));
          const auto sent = connection.send(outgoing.back());
          bytes_sent += sent;
          outgoing.back().erase(0, sent);
          if (outgoing.back().empty()) outgoing.pop_back();
        }
        //! [stop_asking]
      }

      //! [end]
      // Done when everything has been sent and has come back, in however many pieces
      if (outgoing.empty() && bytes_received >= bytes_sent) keep_running = false;
      //! [end]
    }
  }

  print("shutting down");
  selector.close();
  if (!outgoing.empty() || bytes_received < bytes_sent)
    throw std::runtime_error("the server closed the connection after " + std::to_string(bytes_received) + " of " +
                             std::to_string(bytes_sent) + " bytes");
}

}  // namespace

int main(int argc, char** argv) {
  return lesson::run(argc, argv,
                     {.about = "Sends a message in two parts and waits until all of it has come back.",
                      .defaults = {.host = "localhost", .port = 10000}},
                     echo_client);
}
