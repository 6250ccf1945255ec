// The phone test's page: hold a connection until the server says that it is enough.
(function () {
  "use strict";
  var secure = location.protocol === "https:";
  var address = (secure ? "wss://" : "ws://") + location.host + location.pathname + "/hold";

  function hold() {
    var done = false;
    var socket = new WebSocket(address);
    socket.onmessage = function (message) {
      if (message.data === "done") {
        done = true;
        document.getElementById("holding").hidden = true;
        document.getElementById("done").hidden = false;
      } else {
        socket.send("2");
      }
    };
    socket.onclose = function () {
      if (!done) setTimeout(hold, 2000);
    };
  }
  hold();
})();
