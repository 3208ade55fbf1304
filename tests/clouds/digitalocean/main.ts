import { serve } from "../plugin/serve.js";
import { account } from "./account.js";

serve(account(), "4.80.1");
