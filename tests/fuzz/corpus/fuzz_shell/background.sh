sleep 1 & (sleep 2; echo x | cat) & ping -c 2 127.0.0.1 >p & kill %1; wait; jobs; fg
